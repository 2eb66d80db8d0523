/** The figures for people, and for programs. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Figure, Problems, Result } from './figures.ts';
import type { Options, Path } from './options.ts';

/** Of OpenKruise, with a kubelet that only reports: seconds until the last of 300 Pods had started. */
const ANCHOR_SECONDS = 25;
const ANCHOR_PODS = 300;
/** Milliseconds, and seconds. */
const WANTED = { poke: 100, allOpen: 5 };

export interface Report {
  options: Options;
  /** Load average of the last minute, at the beginning. */
  load: number;
  results: Result[];
  /** By path: patches of Pods a second that its API server took when nothing else was asked of it. */
  writesPerSecond: Partial<Record<Path, number>>;
  problems: Problems;
}

export const loadNow = (): number => loadavg()[0] ?? 0;

const cell = ({ median, p95 }: Figure): string => `${Math.round(median)} / ${Math.round(p95)}`;
const tenths = (value: number): number => Math.round(value * 10) / 10;

const line = (result: Result): Record<string, unknown> => ({
  path: result.path,
  series: result.series.name,
  pods: result.series.pods,
  'ready -> key': cell(result.key),
  'ready -> poke': cell(result.poke),
  'created -> first key': cell(result.first),
  'created -> open': cell(result.podOpen),
  'created -> ready': cell(result.podReady),
  ...(result.series.together && {
    's all open': tenths(result.allOpen),
    's all ready': tenths(result.allReady),
    'pods/s': Math.round(result.series.pods / result.allReady),
    'writes/s': Math.round(result.writes / result.allReady),
  }),
});

const outcomes = ({ path, series, outcomes: counts }: Result): string =>
  `${path}, ${series.name}: ${Object.entries(counts)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ')}`;

export const printReport = ({ results, load, writesPerSecond }: Report): void => {
  console.log(
    `\nmilliseconds, median / 95th percentile; ${availableParallelism()} cores, load ${tenths(load)} at the beginning, ` +
      `Node ${process.versions.node}\nwanted: ready -> poke below ${WANTED.poke} (median), all open below ${WANTED.allOpen} s; ` +
      `OpenKruise: ${ANCHOR_PODS} Pods ready after ${ANCHOR_SECONDS} s`,
  );
  for (const [path, rate] of Object.entries(writesPerSecond))
    console.log(
      `${path}: the API server took ${Math.round(rate)} patches of Pods a second, and nothing else`,
    );
  console.table(results.map(line));
  for (const result of results) console.log(outcomes(result));
};

export const writeReport = async (file: string, report: Report): Promise<void> => {
  const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model, node: process.versions.node };
  await writeFile(file, `${JSON.stringify({ machine, ...report }, null, 2)}\n`);
};
