/** What a Pod's containers themselves say is wrong. */
import type { ContainerStatus, Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { barriers } from '../resources/barrier.ts';
import { allContainerStatuses, containerStatus } from '../resources/pod.ts';
import { hasSeenSpec, isConsistent } from './consistent.ts';
import { isNative, sidecarNames } from './sidecars.ts';

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

/** The Pod has run to completion: its node stops the native sidecars, and how they end counts for nothing. */
const isOver = (pod: Pod): boolean => {
  const { restartPolicy = 'Always', containers } = pod.spec;
  return containers.every(({ name }) => {
    const exitCode = containerStatus(pod, name)?.state?.terminated?.exitCode;
    return restartPolicy === 'Never'
      ? exitCode !== undefined
      : restartPolicy === 'OnFailure' && exitCode === 0;
  });
};

/** It has ended badly: not one of the old version, which an upgrade ends however it likes. */
const ended = ({ name, state }: ContainerStatus, isSuccessor: boolean): Failure[] => {
  const { exitCode = 0, reason, message } = state?.terminated ?? {};
  if (exitCode === 0 || !isSuccessor) return [];
  return [
    { container: name, reason: reason || 'Error', message: message || `ended with exit code ${exitCode}` },
  ];
};

const stuck = ({ name, state }: ContainerStatus, waitsForLevel: boolean): Failure[] => {
  const { reason, message = '' } = state?.waiting ?? {};
  if (!reason || STARTING.includes(reason)) return [];
  if (reason === 'CreateContainerConfigError' && waitsForLevel) return [];
  return [{ container: name, reason, message }];
};

/** The first failure, those of the SidecarSet's own containers before others. A container that waits for its start level does not fail. */
export const failureOf = (set: SidecarSet, pod: Pod): Failure | undefined => {
  // What it reports is older than the upgrade.
  if (hasSeenSpec(pod) === false) return undefined;
  const own = sidecarNames(set);
  // Also once the level is open: the kubelet looks again when it gets to it.
  const waitsForLevel = (name: string): boolean => barriers(pod).some(({ container }) => container === name);
  const isSuccessor = (name: string): boolean =>
    isNative(pod, name) && isOver(pod) ? false : !own.includes(name) || isConsistent(set, pod, [name]);
  const failures = allContainerStatuses(pod).flatMap((status) => [
    ...ended(status, isSuccessor(status.name)),
    ...stuck(status, waitsForLevel(status.name)),
  ]);
  const first = failures.find(({ container }) => own.includes(container)) ?? failures[0];
  return first && { ...first, message: first.message.slice(0, MESSAGE_LIMIT) };
};
