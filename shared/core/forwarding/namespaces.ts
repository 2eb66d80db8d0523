import { SYSTEM_NAMESPACE } from '../../model/names.ts';

/** Pods of the control plane and our own are never worked on. */
export const isLeftAlone = (namespace: string | undefined): boolean =>
  namespace === 'kube-system' || namespace === SYSTEM_NAMESPACE;
