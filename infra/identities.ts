/** Who the functions are to the cluster. `infra/cluster/rights` gives each its rights. */

/** The functions that talk to the cluster; `observe` never does. */
export const FUNCTIONS = ['inject', 'sidecarset', 'launch', 'terminate', 'rollout', 'resync'] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

/** The group that all of them share. */
const ALL = 'sidecarset:functions';

/** What an EKS access entry of the function's role gives it: names that begin with `system:` are not allowed there. */
export const identityOf = (name: FunctionName): { username: string; groups: string[] } => ({
  username: `sidecarset:${name}`,
  groups: [`sidecarset:${name}`, ALL],
});
