/** The figures for people, and for programs. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import type { Row } from './figures.ts';
import type { Options } from './options.ts';

const MEGABYTE = 1024 ** 2;

const tenths = (value: number): number => Math.round(value * 10) / 10;

const line = (row: Row): Record<string, unknown> => ({
  pods: row.pods,
  max: row.maxUnavailable,
  rollout: row.rollout,
  's all moved': tenths(row.seconds),
  'pods/s': tenths(row.podsPerSecond),
  's all told': tenths(row.toldSeconds),
  batches: row.batches,
  'full lists': row.fullLists,
  'list MB': tenths(row.listBytes / MEGABYTE),
  'other reads': row.otherReads,
  writes: Object.values(row.writes).reduce((total, count) => total + count, 0),
  events: row.events.delivered,
  'rss MB': Math.round(row.rss / MEGABYTE),
  'max rss MB': Math.round(row.highestRss / MEGABYTE),
  'most held': row.highestHeld,
});

const counts = (of: Record<string, number>): string =>
  Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

export const printRow = (row: Row): void => {
  console.log(
    `\n${row.pods} Pods, maxUnavailable ${row.maxUnavailable}, rollout ${row.rollout}:\n` +
      `  outcomes: ${counts(row.outcomes)}\n` +
      `  writes: ${counts(row.writes)}; refused: ${row.refusedWrites}\n` +
      `  events: ${row.events.sent} sent, ${row.events.later} sent on, ${row.events.delivered} delivered in ` +
      `${row.invocations} invocations (longest ${tenths(row.longestInvocationSeconds)} s); ${row.resyncs} resyncs\n` +
      `  quiet after ${tenths(row.quietSeconds)} s, ${row.left} messages left`,
  );
};

export interface Report {
  options: Options;
  /** Megabytes of old space of each of the function's processes. */
  heap: number;
  /** Bytes of a Pod as a watch sees it, on average. */
  podBytes: number;
  rows: Row[];
  problems: string[];
}

export const printReport = ({ rows, heap, podBytes }: Report): void => {
  console.log(
    `\nPods of ${Math.round(podBytes)} bytes; ${availableParallelism()} cores, Node ${process.versions.node}, ` +
      `--max-old-space-size=${heap}; rss of the process that has most`,
  );
  console.table(rows.map(line));
};

export const writeReport = async (file: string, report: Report): Promise<void> => {
  const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model, node: process.versions.node };
  await writeFile(file, `${JSON.stringify({ machine, ...report }, null, 2)}\n`);
};
