/** Types of the group coordination. See ../tables.ts for how to read them. */
export const COORDINATION: Record<string, string> = {
  Lease: 'apiVersion string, kind string, metadata meta.ObjectMeta, spec LeaseSpec',
  LeaseSpec: `
    acquireTime MicroTime, holderIdentity string, leaseDurationSeconds int32, leaseTransitions int32,
    preferredHolder string, renewTime MicroTime, strategy string`,
};
