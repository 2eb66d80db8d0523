/** Whether a cluster may be served from here for a while. */
import type { UserCluster } from '../cluster.ts';
import { UserFacingError } from '../failure.ts';
import { loadManifests } from '../install/load.ts';
import { decideOpenKruise } from '../install/openkruise/decide.ts';
import { findOpenKruise } from '../install/openkruise/find.ts';
import { planOf, type StepName } from '../install/plan.ts';

const REGISTERING: StepName[] = ['sidecarset', 'inject', 'observe'];

/** `<kind> <name>` of the webhook configurations of an installation that is there. */
const registrations = async (cluster: UserCluster): Promise<string[]> => {
  const steps = planOf(await loadManifests()).filter(({ name }) => REGISTERING.includes(name));
  const found: string[] = [];
  for (const manifest of steps.flatMap(({ manifests }) => manifests)) {
    const { kind, metadata } = manifest;
    const resource = await cluster.find(manifest);
    if (resource && (await cluster.get(resource, { name: metadata.name })))
      found.push(`${kind} ${metadata.name}`);
  }
  return found;
};

/**
 * What is served here is taken out at the end, so that nothing may be there that somebody else needs: an installation, or
 * OpenKruise. Rejects with a UserFacingError; writes nothing.
 */
export const requireFree = async (cluster: UserCluster, kubeconfig: string): Promise<void> => {
  const decision = decideOpenKruise(await findOpenKruise(cluster), false);
  if (decision.kind === 'refused') throw new UserFacingError(`${decision.sentence}. Nothing was changed`);
  const found = await registrations(cluster);
  if (found.length === 0) return;
  throw new UserFacingError(
    `the cluster calls functions already (${found.join(', ')}), from an installation or from a run that was killed. ` +
      `Nothing was changed. If nobody needs them: npx sidecarset uninstall --kubeconfig ${kubeconfig}`,
  );
};
