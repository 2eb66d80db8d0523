/** From the ways of Jobs to figures. */
import { type Hop, type Journey, lengthOf, NODE_HOPS, OTHER_HOPS, OWN_HOPS, OWN_TIME } from './journey.ts';
import type { Series } from './options.ts';

/** Milliseconds. */
export interface Figure {
  median: number;
  p95: number;
  count: number;
}

export interface Result {
  series: Series;
  /** By the hop's label. */
  hops: Record<string, Figure>;
  /** Jobs for which `terminate` was called more than once before it could act. */
  calledAgain: number;
  /** Most bus hops of a Job. */
  busHops: number;
  /** Processor time of all functions together for one Job, milliseconds. */
  cpu: number;
  journeys: Journey[];
}

export const ALL_HOPS: Hop[] = [...OWN_HOPS, OWN_TIME, ...OTHER_HOPS, ...NODE_HOPS];

const at = (sorted: number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

const median = (sorted: number[]): number => {
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
};

const figureOf = (values: number[]): Figure => {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: median(sorted), p95: at(sorted, 0.95), count: sorted.length };
};

export const resultOf = (series: Series, journeys: Journey[], cpu: number): Result => {
  const hops: Record<string, Figure> = {};
  for (const hop of ALL_HOPS) {
    const values = journeys.flatMap((journey) => lengthOf(journey, hop) ?? []);
    if (values.length > 0) hops[hop.label] = figureOf(values);
  }
  const calledAgain = journeys.filter(({ runs }) => runs > 1).length;
  const busHops = Math.max(...journeys.map((journey) => journey.busHops));
  return { series, hops, calledAgain, busHops, cpu: cpu / journeys.length, journeys };
};
