/** Takes the project out of a cluster; what users have made stays unless it is purged. */
import type { ObjectKey } from '../../shared/io/ports.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import { SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, NAMESPACES, type Resource } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';
import type { Manifest } from '../manifests.ts';
import { conversionStrategy, turnConversionOff } from './definition.ts';
import { loadManifests } from './load.ts';
import { DEFINITION } from './openkruise/find.ts';
import { isOurs } from './ours.ts';
import { planOf, type StepName } from './plan.ts';

export interface UninstallOptions {
  /** The definition and with it every SidecarSet, the namespace and with it every ControllerRevision, go too. */
  purge?: boolean;
  /** Called when nobody calls the functions any more and they still have their rights: to let them end their work. */
  beforeRights?: () => Promise<void>;
  say: (line: string) => void;
}

/** Observe first: nothing is to be done about what happens from here on. */
const ORDER: StepName[] = ['observe', 'inject', 'sidecarset', 'rights'];

const found = async (cluster: UserCluster, resource: Resource, key: ObjectKey) => {
  const object = await cluster.get<KubernetesObject>(resource, key);
  return object && isOurs(object) ? object : undefined;
};

const stopConversion = async (cluster: UserCluster, say: UninstallOptions['say']): Promise<void> => {
  const definition = await found(cluster, CUSTOM_RESOURCE_DEFINITIONS, { name: DEFINITION });
  if (definition === undefined || conversionStrategy(definition) === 'None') return;
  await turnConversionOff(cluster, DEFINITION);
  say(`CustomResourceDefinition ${DEFINITION}: conversion turned off`);
};

const remove = async (cluster: UserCluster, manifest: Manifest, say: UninstallOptions['say']) => {
  const resource = await cluster.find(manifest);
  if (resource === undefined) return;
  const { name, namespace } = manifest.metadata;
  const key = resource.namespaced ? { name, namespace: namespace ?? 'default' } : { name };
  if ((await found(cluster, resource, key)) === undefined) return;
  await cluster.remove(resource, key);
  say(`${manifest.kind} ${name}: removed`);
};

const purgeAll = async (cluster: UserCluster, say: UninstallOptions['say']): Promise<void> => {
  const rest: [Resource, string][] = [
    [CUSTOM_RESOURCE_DEFINITIONS, DEFINITION],
    [NAMESPACES, SYSTEM_NAMESPACE],
  ];
  for (const [resource, name] of rest) {
    if ((await found(cluster, resource, { name })) === undefined) continue;
    await cluster.remove(resource, { name });
    say(`${resource.kind} ${name}: removed with all that is in it`);
  }
};

const LEFT = `What stays: the CustomResourceDefinition ${DEFINITION} with every SidecarSet, and the namespace
${SYSTEM_NAMESPACE} with the ControllerRevisions and the configuration. Pods keep the sidecars that they have; nobody starts,
ends or upgrades them now. A SidecarSet's v1alpha1 fields are shown as v1beta1 has them, as nobody converts.
To remove that too: sidecarset uninstall --purge --yes`;

/**
 * Idempotent. The conversion goes first, so that SidecarSets can be read whatever becomes of the endpoint. Objects of our
 * names that are not ours are left alone.
 */
export const uninstall = async (
  cluster: UserCluster,
  { purge = false, beforeRights, say }: UninstallOptions,
): Promise<void> => {
  const steps = planOf(await loadManifests());
  await stopConversion(cluster, say);
  for (const name of ORDER) {
    if (name === 'rights') await beforeRights?.();
    const manifests = steps.find((step) => step.name === name)?.manifests ?? [];
    for (const manifest of manifests.toReversed()) await remove(cluster, manifest, say);
  }
  if (purge) await purgeAll(cluster, say);
  else say(LEFT);
};
