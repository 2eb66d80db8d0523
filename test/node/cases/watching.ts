/** Questions to the history of what a watch has shown. */
import { vi } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import type { History, Seen } from '../rig/history.ts';

const PATIENCE = { timeout: 100_000, interval: 50 };

export const statusOf = ({ status }: Pod, name: string) =>
  [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(
    (each) => each.name === name,
  );

export const hasStarted = (pod: Pod, name: string): boolean => {
  const { state } = statusOf(pod, name) ?? {};
  return state?.running !== undefined || state?.terminated !== undefined;
};
export const isRunning = (pod: Pod, name: string): boolean =>
  statusOf(pod, name)?.state?.running !== undefined;
export const exitCode = (pod: Pod, name: string): number | undefined =>
  statusOf(pod, name)?.state?.terminated?.exitCode;
export const hasEnded = (pod: Pod, name: string): boolean => exitCode(pod, name) !== undefined;
export const isOver = ({ status }: Pod): boolean => ['Succeeded', 'Failed'].includes(status?.phase ?? '');

/** The first time at which a Pod was seen so, `undefined` if never. */
export const firstSeen = (seen: Seen<Pod>[], is: (pod: Pod) => boolean): number | undefined =>
  seen.find(({ object }) => is(object))?.at;

/** The Pod as soon as it is so; rejects with its last status if that takes too long. */
export const untilPod = async (history: History, name: string, is: (pod: Pod) => boolean): Promise<Pod> => {
  try {
    return await vi.waitUntil(() => history.pods(name).find(({ object }) => is(object))?.object, PATIENCE);
  } catch (cause) {
    const last = history.pods(name).at(-1)?.object;
    throw new Error(`${name}: ${JSON.stringify([last?.metadata.annotations, last?.status])}`, { cause });
  }
};

/** The type of the condition that a Job has ended with. */
export const untilJobEnds = async (history: History, name: string): Promise<string> => {
  const ending = () =>
    history
      .jobs(name)
      .flatMap(({ object }) => object.status?.conditions ?? [])
      .find(({ type, status }) => ['Complete', 'Failed'].includes(type) && status === 'True');
  try {
    return (await vi.waitUntil(ending, PATIENCE)).type;
  } catch (cause) {
    const last = history.pods(name).at(-1)?.object;
    throw new Error(`${name}: ${JSON.stringify([last?.metadata.annotations, last?.status])}`, { cause });
  }
};
