/** The start levels of a Pod, and which of their containers hold others back. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { barriers } from '../resources/barrier.ts';
import { containerStatus } from '../resources/pod.ts';

export interface Level {
  /** Higher starts first. */
  priority: number;
  /** In the ConfigMap; opens the level. */
  key: string;
  containers: string[];
}

/** In start order. */
export const levelsOf = (pod: Pod): Level[] => {
  const all = barriers(pod).toSorted((a, b) => b.priority - a.priority);
  const priorities = [...new Set(all.map(({ priority }) => priority))];
  return priorities.map((priority) => {
    const own = all.filter((barrier) => barrier.priority === priority);
    return { priority, key: own[0]?.key ?? '', containers: own.map(({ container }) => container) };
  });
};

/** Newer than what we decide by: a container with rules of its own may run again whatever its policy says. */
const hasRules = (container: Container): boolean => 'restartPolicyRules' in container;

const runsAgain = ({ spec }: Pod, name: string, exitCode: number): boolean => {
  const container = spec.containers.find((one) => one.name === name);
  if (container && hasRules(container)) return true;
  const policy = container?.restartPolicy ?? spec.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
};

/** The exit code of a container that has ended and will not run again. */
export const finalExitCode = (pod: Pod, name: string): number | undefined => {
  const exitCode = containerStatus(pod, name)?.state?.terminated?.exitCode;
  return exitCode === undefined || runsAgain(pod, name, exitCode) ? undefined : exitCode;
};

/**
 * A container no longer holds the next level back: it is Ready, or it has ended well and will not run again
 * (OpenKruise waits for ever for one that runs to completion).
 */
export const isPassed = (pod: Pod, name: string): boolean =>
  containerStatus(pod, name)?.ready === true || finalExitCode(pod, name) === 0;

/** Its failure is final: what depends on it must not start. */
export const hasFailed = (pod: Pod, name: string): boolean => (finalExitCode(pod, name) ?? 0) !== 0;
