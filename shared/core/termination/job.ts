/** What the Job of a Pod can bear: under OnFailure its controller counts restarts, the one into an exit image too. */
import type { KubernetesObject, OwnerReference, Pod } from '../../model/kubernetes.ts';
import { allContainerStatuses } from '../resources/pod.ts';
import { exitCodeOf } from './due.ts';
import { exitImageOf } from './sidecar.ts';

export interface JobFacts extends KubernetesObject {
  spec?: { backoffLimit?: number; parallelism?: number };
}

const DEFAULT_BACKOFF_LIMIT = 6;

/** The Job that must be read before a strategy is chosen, `undefined` if none must. */
export const needsJob = ({ metadata, spec }: Pod): OwnerReference | undefined =>
  spec.restartPolicy === 'OnFailure' && spec.containers.some((container) => exitImageOf(container) !== '')
    ? metadata.ownerReferences?.find(
        ({ apiVersion, kind, controller }) =>
          apiVersion.startsWith('batch/') && kind === 'Job' && controller === true,
      )
    : undefined;

/**
 * Whether every Pod of the Job may restart once more each of its exit-image sidecars that has not ended with code 0. A
 * Job with backoffLimit 0 fails at the first restart, any other when the restarts of its running Pods reach the limit
 * (`pastBackoffLimitOnFailure`); its other Pods are taken to be like this one.
 *
 * @param job `undefined` if the Pod belongs to none: nobody counts then
 */
export const restartsLeft = (pod: Pod, job: JobFacts | undefined): boolean => {
  if (job === undefined) return true;
  const { backoffLimit = DEFAULT_BACKOFF_LIMIT, parallelism = 1 } = job.spec ?? {};
  const before = allContainerStatuses(pod).reduce((sum, { restartCount }) => sum + restartCount, 0);
  const swaps = pod.spec.containers.filter(
    (container) => exitImageOf(container) !== '' && exitCodeOf(pod, container) !== 0,
  ).length;
  return (before + swaps) * Math.max(1, parallelism) < backoffLimit;
};
