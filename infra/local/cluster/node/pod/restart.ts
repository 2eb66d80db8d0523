import type { Container, PodSpec } from '../../../../../shared/model/kubernetes.ts';
import type { ContainerView } from '../views.ts';

export type RestartPolicy = NonNullable<PodSpec['restartPolicy']>;

/**
 * Whether a container that is not running is to be started (`ShouldContainerBeRestarted` of the kubelet):
 * always before its first run, never while it runs, afterwards by policy and exit code. Its image does not matter.
 */
export const isToBeStarted = (policy: RestartPolicy, view: ContainerView | undefined): boolean => {
  if (view === undefined) return true;
  const { exit } = view.current;
  if (exit === undefined || policy === 'Never') return false;
  return policy === 'Always' || exit.exitCode !== 0;
};

/** A native sidecar: an init container that is kept running as long as the main containers last. */
export const isNativeSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';
