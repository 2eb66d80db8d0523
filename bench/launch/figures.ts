/** From the times of Pods to figures. */
import type { Path, Series } from './options.ts';
import type { LevelTimes, PodTimes } from './timeline.ts';

/** Milliseconds. */
export interface Figure {
  median: number;
  p95: number;
}

export interface Result {
  path: Path;
  series: Series;
  /** From the level above ready, in the status, to the key in the ConfigMap and to the poke of the Pod. */
  key: Figure;
  poke: Figure;
  /** From the Pod's creation to its first level's key. */
  first: Figure;
  /** From the creation of a Pod until its last level is open, and is ready. */
  podOpen: Figure;
  podReady: Figure;
  /** From the first creation until all Pods are open, and are ready; seconds. */
  allOpen: number;
  allReady: number;
  /** Of Pods and ConfigMaps, by everybody. */
  writes: number;
  /** Runs by outcome. */
  outcomes: Record<string, number>;
}

/** Sentences about what is wrong; none if all is well. */
export type Problems = string[];

const figureOf = (values: number[]): Figure => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95) };
};

const between = (from: number | undefined, to: number | undefined): number =>
  Math.max(0, (to ?? Number.NaN) - (from ?? Number.NaN));

const last = ({ levels }: PodTimes): LevelTimes => levels.at(-1) ?? {};

/** @param created by name of a Pod, when its creation was asked for */
export const resultOf = (
  given: Pick<Result, 'path' | 'series' | 'writes' | 'outcomes'>,
  pods: PodTimes[],
  created: ReadonlyMap<string, number>,
): Result => {
  const start = Math.min(...pods.map(({ name }) => created.get(name) ?? Number.POSITIVE_INFINITY));
  const lower = pods.flatMap(({ levels }) => levels.slice(1));
  const sinceCreation = (what: (pod: PodTimes) => number | undefined): Figure =>
    figureOf(pods.map((pod) => between(created.get(pod.name), what(pod))));
  const untilAll = (what: (pod: PodTimes) => number | undefined): number =>
    Math.max(...pods.map((pod) => between(start, what(pod)))) / 1000;
  return {
    ...given,
    key: figureOf(lower.map(({ due, key }) => between(due, key))),
    poke: figureOf(lower.map(({ due, poke }) => between(due, poke))),
    first: sinceCreation(({ levels }) => levels[0]?.key),
    podOpen: sinceCreation((pod) => last(pod).poke),
    podReady: sinceCreation((pod) => last(pod).ready),
    allOpen: untilAll((pod) => last(pod).poke),
    allReady: untilAll((pod) => last(pod).ready),
  };
};

export const problemsIn = ({ path, series }: Result, pods: PodTimes[], faults: string[]): Problems => {
  const about = `${path}, ${series.name}`;
  const early = pods.filter(({ levels }) =>
    levels.some(({ keyVersion = 0n }, index) => keyVersion < (levels[index - 1]?.readyVersion ?? 0n)),
  );
  return [
    ...(pods.length === series.pods ? [] : [`${about}: ${pods.length} of ${series.pods} Pods are open`]),
    ...early.map(({ name }) => `${about}: a level of ${name} was opened before the one above was ready`),
    ...faults.map((fault) => `${about}: ${fault}`),
  ];
};
