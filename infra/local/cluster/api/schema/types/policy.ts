/** Types of the group policy. See ../tables.ts for how to read them. */
export const POLICY: Record<string, string> = {
  Eviction: 'apiVersion string, deleteOptions meta.DeleteOptions, kind string, metadata meta.ObjectMeta',
};
