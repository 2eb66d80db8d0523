/** What the times of many Jobs come to, as tables of docs/real-node.md. */
import type { Moments } from './moments.ts';

/** From what to what, and by whom. */
const STEPS: [string, keyof Moments, keyof Moments][] = [
  ['created -> sidecar running', 'created', 'sideRuns'],
  ['sidecar running -> main running', 'sideRuns', 'mainRuns'],
  ['- ours: sidecar ready -> key and poke written', 'sideReady', 'poked'],
  ['- node: poke written -> process of main', 'poked', 'mainProcess'],
  ['- node: process of main -> main running', 'mainProcess', 'mainRuns'],
  ['main terminated -> sidecar terminated', 'mainEnds', 'sideEnds'],
  ['- ours: main terminated -> try written', 'mainEnds', 'tried'],
  ['- try written -> SIGTERM (exec: ours, else node)', 'tried', 'term'],
  ['- node: SIGTERM -> sidecar terminated', 'term', 'sideEnds'],
  ['main terminated -> Pod Succeeded', 'mainEnds', 'succeeded'],
  ['Pod Succeeded -> Job Complete', 'succeeded', 'complete'],
  ['created -> Job Complete', 'created', 'complete'],
];

const sortedSeconds = (all: Moments[], from: keyof Moments, to: keyof Moments): number[] =>
  all
    .map((moments) => (moments[to] - moments[from]) / 1000)
    .filter((seconds) => !Number.isNaN(seconds))
    .sort((a, b) => a - b);

const middle = (sorted: number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;

/** NaN if it happened in none of them. */
export const medianSeconds = (all: Moments[], from: keyof Moments, to: keyof Moments): number =>
  middle(sortedSeconds(all, from, to));

const cell = (sorted: number[]): string => {
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return '';
  return `${middle(sorted).toFixed(2)} (${first.toFixed(2)} to ${last.toFixed(2)})`;
};

const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;

/** @param series the Jobs of each column, by its title */
export const timesTable = (series: Record<string, Moments[]>): string => {
  const columns = Object.entries(series);
  const rows = STEPS.map(([label, from, to]) =>
    line([label, ...columns.map(([, all]) => cell(sortedSeconds(all, from, to)))]),
  );
  return [
    line(['seconds: median (range)', ...columns.map(([title]) => title)]),
    line(['---', ...columns.map(() => '---')]),
    ...rows,
  ].join('\n');
};
