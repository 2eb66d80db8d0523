/** In which order the containers of a Pod end (`terminationOrdering` of the kubelet). */
import type { Container, PodSpec } from '../../../../../shared/model/kubernetes.ts';
import { isNativeSidecar } from './restart.ts';

/**
 * The containers that must have ended before this one is asked to: a native sidecar waits for all main containers and
 * for the native sidecar after it, everything else for nobody.
 */
export const endsAfter = (
  { containers, initContainers = [] }: PodSpec,
  container: Container,
): readonly Container[] => {
  const sidecars = initContainers.filter(isNativeSidecar);
  const at = sidecars.findIndex(({ name }) => name === container.name);
  return at === -1 ? [] : [...containers, ...sidecars.slice(at + 1, at + 2)];
};
