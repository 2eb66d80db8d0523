/** What an installation would change. Writes nothing. */
import type { UserCluster } from '../cluster.ts';
import { type Applied, createApplier } from './apply.ts';
import { checkInstall, type InstallOptions, replacement } from './install.ts';
import { lineDiff } from './text/diff.ts';
import { objectText } from './text/objectText.ts';

const changeText = ({ action, resource, key, before, after }: Applied): string => {
  const title = `${resource.kind} ${key.namespace ? `${key.namespace}/` : ''}${key.name}`;
  if (action === 'unchanged') return `${title}: unchanged`;
  const verb = action === 'created' ? 'would be created' : 'would change';
  return [`${title}: ${verb}`, ...lineDiff(objectText(before), objectText(after))].join('\n');
};

/** One text for each object, with a line diff of its YAML where it would change; tokens are not in it. */
export const dryRun = async (
  cluster: UserCluster,
  options: Omit<InstallOptions, 'say' | 'signal'>,
): Promise<{ changes: string[]; refused: string | undefined }> => {
  const { steps, refused, foreignDefinition } = await checkInstall(cluster, options);
  const applier = createApplier(cluster);
  const changes: string[] = [];
  for (const { name, manifests } of steps)
    for (const manifest of manifests) {
      const replaced = name === 'definition' && foreignDefinition;
      const applied = replaced
        ? await replacement(cluster, manifest)
        : await applier.apply(manifest, { dryRun: true });
      changes.push(changeText(applied));
    }
  return { changes, refused };
};
