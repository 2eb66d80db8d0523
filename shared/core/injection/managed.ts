import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_MANAGED } from '../../model/names.ts';
import { barriers } from '../resources/barrier.ts';
import { injectedSets } from '../resources/pod.ts';
import { terminationDue } from '../termination/due.ts';

const wantsEnd = (pod: Pod): boolean => {
  const due = terminationDue(pod);
  return due.kind === 'yes' || due.code !== 'TerminationNotWanted';
};

/**
 * Marks a Pod that waits for us without any injected SidecarSet, by what it waits for (`launch`, `terminate` or both
 * with a comma): a resync lists metadata only, and finds the others by their injected list.
 */
export const markManaged = (pod: Pod): Pod => {
  if (injectedSets(pod).length > 0) return pod;
  const calls = [...(barriers(pod).length > 0 ? ['launch'] : []), ...(wantsEnd(pod) ? ['terminate'] : [])];
  if (calls.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION_MANAGED]: calls.join(',') };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
};
