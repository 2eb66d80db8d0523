/**
 * How lists of the built-in kinds merge, from the `patchStrategy` and `patchMergeKey` tags of the Kubernetes types.
 * A list that is not named here is replaced (tolerations, command, args, envFrom, containerStatuses ...).
 */
const OBJECT_LISTS: ReadonlyMap<string, string> = new Map([
  ['addresses', 'type'],
  ['conditions', 'type'],
  ['containers', 'name'],
  ['env', 'name'],
  ['ephemeralContainers', 'name'],
  ['hostAliases', 'ip'],
  ['hostIPs', 'ip'],
  ['imagePullSecrets', 'name'],
  ['initContainers', 'name'],
  ['matchConditions', 'name'],
  ['ownerReferences', 'uid'],
  ['podIPs', 'ip'],
  ['ports', 'containerPort'],
  ['resourceClaims', 'name'],
  ['schedulingGates', 'name'],
  ['secrets', 'name'],
  ['topologySpreadConstraints', 'topologyKey'],
  ['variables', 'name'],
  ['volumeDevices', 'devicePath'],
  ['volumeMounts', 'mountPath'],
  ['volumes', 'name'],
  ['webhooks', 'name'],
]);

const PRIMITIVE_LISTS: readonly string[] = ['finalizers', 'podCIDRs'];

/** The key by which items of a list are told apart; `undefined`: the list is replaced as a whole. */
export const mergeKeyOf = (kind: string, field: string): string | undefined =>
  kind === 'Service' && field === 'ports' ? 'port' : OBJECT_LISTS.get(field);

/** Whether a list of strings merges as a set. */
export const mergesAsSet = (field: string): boolean => PRIMITIVE_LISTS.includes(field);
