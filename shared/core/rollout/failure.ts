/** What a Pod's containers themselves say is wrong. */
import type { Container, ContainerStatus, Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { isLaunchCompleted } from '../launch/plan.ts';
import { barriers } from '../resources/barrier.ts';
import { allContainerStatuses } from '../resources/pod.ts';
import { sidecarNames } from './sidecars.ts';

export interface Failure {
  container: string;
  /** The kubelet's word: ImagePullBackOff, CrashLoopBackOff, OOMKilled ... */
  reason: string;
  message: string;
}

/** A container that is about to start waits for these. */
const STARTING: readonly string[] = ['ContainerCreating', 'PodInitializing'];

/** Characters of a kubelet's message that are passed on. */
const MESSAGE_LIMIT = 200;

const failing = (
  { name, state }: ContainerStatus,
  waitsForLevel: (name: Container['name']) => boolean,
): Failure[] => {
  const { waiting, terminated } = state ?? {};
  if (terminated && terminated.exitCode !== 0) {
    const message = terminated.message || `ended with exit code ${terminated.exitCode}`;
    return [{ container: name, reason: terminated.reason || 'Error', message }];
  }
  const { reason, message = '' } = waiting ?? {};
  if (!reason || STARTING.includes(reason)) return [];
  if (reason === 'CreateContainerConfigError' && waitsForLevel(name)) return [];
  return [{ container: name, reason, message }];
};

/** The first failure, those of the SidecarSet's own containers before others. A container that waits for its start level does not fail. */
export const failureOf = (set: SidecarSet, pod: Pod): Failure | undefined => {
  const waitsForLevel = (name: string): boolean =>
    !isLaunchCompleted(pod) && barriers(pod).some(({ container }) => container === name);
  const failures = allContainerStatuses(pod).flatMap((status) => failing(status, waitsForLevel));
  const own = sidecarNames(set);
  const first = failures.find(({ container }) => own.includes(container)) ?? failures[0];
  return first && { ...first, message: first.message.slice(0, MESSAGE_LIMIT) };
};
