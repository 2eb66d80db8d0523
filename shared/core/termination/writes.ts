/** The writes of one round of tries: each holds for the Pod in the version that was read, and records what it does. */
import type { Condition, Pod, PodStatus } from '../../model/kubernetes.ts';
import { CONDITION_TERMINATED, UNSTARTABLE_IMAGE } from '../../model/names.ts';
import { wholeSeconds } from '../../model/time.ts';
import { containerStatus } from '../resources/pod.ts';
import type { Step } from './decide.ts';
import { exitCodeOf } from './due.ts';
import { killer, killerNames } from './killer.ts';
import { exitImageOf, mainContainers } from './sidecar.ts';
import { type Try, withTries } from './tries.ts';

export type TryStep = Extract<Step, { kind: 'try' }>;

/** A strategic merge patch. */
export interface Write {
  subresource?: 'status' | 'ephemeralcontainers';
  patch: Record<string, unknown>;
}

const recordOf = (
  pod: Pod,
  steps: TryStep[],
  now: Date,
  outcome?: Try['outcome'],
): Record<string, string> => {
  const ephemeral = steps.filter(({ strategy }) => strategy === 'ephemeral');
  const names = killerNames(pod, ephemeral.length);
  const tries = steps.map((step): [string, Try] => [
    step.container,
    {
      strategy: step.strategy,
      attempt: step.attempt,
      at: wholeSeconds(now),
      restarts: containerStatus(pod, step.container)?.restartCount ?? 0,
      ...(outcome && { outcome }),
      ...(step.strategy === 'ephemeral' && { killer: names[ephemeral.indexOf(step)] }),
    },
  ]);
  return withTries(pod, Object.fromEntries(tries));
};

const imageFor = (pod: Pod, { strategy, container: name }: TryStep): { name: string; image: string }[] => {
  if (strategy === 'stop') return [{ name, image: UNSTARTABLE_IMAGE }];
  const container = pod.spec.containers.find((each) => each.name === name);
  return strategy === 'image' && container ? [{ name, image: exitImageOf(container) }] : [];
};

const verdict = (pod: Pod): 'Succeeded' | 'Failed' =>
  mainContainers(pod).every((main) => exitCodeOf(pod, main) === 0) ? 'Succeeded' : 'Failed';

const terminated = (now: Date): Condition => ({
  type: CONDITION_TERMINATED,
  status: 'True',
  reason: 'MainContainersEnded',
  message: 'The phase was set from the main containers; the sidecars end after it.',
  lastTransitionTime: wholeSeconds(now),
});

/**
 * Records the tries before they are made, so that of two runs at once only one makes them. What a patch can do it does
 * in the same write: the images of containers, or the phase (with the annotation, whose change makes the kubelet look
 * at once).
 */
export const firstWrite = (pod: Pod, steps: TryStep[], now: Date): Write => {
  const { uid, resourceVersion } = pod.metadata;
  const metadata = { uid, resourceVersion, annotations: recordOf(pod, steps, now) };
  if (steps.some(({ strategy }) => strategy === 'phase')) {
    const status: PodStatus = { phase: verdict(pod), conditions: [terminated(now)] };
    return { subresource: 'status', patch: { metadata, status } };
  }
  const containers = steps.flatMap((step) => imageFor(pod, step));
  return { patch: { metadata, ...(containers.length > 0 && { spec: { containers } }) } };
};

/** Whether the first write is the try itself. */
export const isMadeByFirstWrite = ({ strategy }: TryStep): boolean =>
  strategy === 'phase' || strategy === 'image' || strategy === 'stop';

/** Records that the tries which the first write would have made can't be made. */
export const refusedWrite = (pod: Pod, steps: TryStep[], now: Date): Write => {
  const { uid, resourceVersion } = pod.metadata;
  const annotations = recordOf(pod, steps.filter(isMadeByFirstWrite), now, 'refused');
  return { patch: { metadata: { uid, resourceVersion, annotations } } };
};

/** Adds the ephemeral container that a recorded try names. */
export const ephemeralWrite = (pod: Pod, container: string, name: string, image: string): Write => {
  const target = pod.spec.containers.find((each) => each.name === container);
  const ephemeralContainers = target ? [killer(pod, target, name, image)] : [];
  return {
    subresource: 'ephemeralcontainers',
    patch: { metadata: { uid: pod.metadata.uid }, spec: { ephemeralContainers } },
  };
};
