/** The figures for people, and for programs. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { ALL_HOPS, type Figure, type Result } from './figures.ts';
import { OWN_TIME, SINCE_VISIBLE } from './journey.ts';
import type { Options, Series } from './options.ts';

export interface Report {
  options: Options;
  /** Load average of the last minute, at the beginning. */
  load: number;
  results: Result[];
  problems: string[];
}

/** Seconds from the main container's to the sidecar's end on a kubelet, one by one and many at once: OpenKruise, and native sidecars. */
const ANCHORS = { openKruise: { alone: 1.0, together: 0.9 }, native: { alone: 1.0, together: 1.2 } };
const SIDE_ENDED = 'main ended -> sidecar ended';
/** Milliseconds. */
const WANTED = 300;

const whole = (milliseconds: number): string => {
  const digits = Math.abs(milliseconds) < 10 ? 1 : 0;
  return milliseconds.toFixed(digits).replace(/^-(0(\.0)?)$/, '$1');
};

const cell = (figure: Figure | undefined): string =>
  figure ? `${whole(figure.median)} / ${whole(figure.p95)}` : '';

const printTable = (results: Result[]): void => {
  const rows = ALL_HOPS.map(({ label }) => [
    label,
    Object.fromEntries(results.map(({ series, hops }) => [series.name, cell(hops[label])])),
  ]);
  console.table(Object.fromEntries(rows));
};

const ownTime = ({ series, hops, calledAgain, busHops, cpu }: Result): string[] => {
  const [own, visible] = [hops[OWN_TIME.label], hops[SINCE_VISIBLE.label]];
  if (own === undefined || visible === undefined) return [];
  const verdict = own.median < WANTED ? 'under' : 'NOT under';
  const again =
    calledAgain > 0 ? `; ${calledAgain} of ${series.jobs} came too early and were called again` : '';
  return [
    `our own time, ${series.name}: median ${whole(own.median)} ms (${verdict} ${WANTED}), p95 ${whole(own.p95)} ms, ` +
      `${whole(visible.median)} and ${whole(visible.p95)} ms from when a watch shows the end; ` +
      `bus hops: ${busHops}; all functions: ${whole(cpu)} ms of processor time a Job${again}`,
  ];
};

const ratio = (milliseconds: number, seconds: number): string => (milliseconds / 1000 / seconds).toFixed(2);

const ratios = (results: Result[]): string[] => {
  const nativeLike = ({ together }: Series): Figure | undefined =>
    results.find(({ series }) => series.way === 'native' && series.together === together)?.hops[SIDE_ENDED];
  return results.flatMap(({ series, hops }) => {
    const [figure, native] = [hops[SIDE_ENDED], nativeLike(series)];
    if (figure === undefined) return [];
    const which = series.together ? 'together' : 'alone';
    const here =
      native && series.way !== 'native'
        ? `, ${ratio(figure.median, native.median / 1000)} of native here`
        : '';
    return [
      `${SIDE_ENDED}, ${series.name}: ${(figure.median / 1000).toFixed(2)} s: ${ratio(figure.median, ANCHORS.openKruise[which])} of OpenKruise, ` +
        `${ratio(figure.median, ANCHORS.native[which])} of native, both on a kubelet${here}`,
    ];
  });
};

export const printReport = ({ results, load }: Report): void => {
  console.log(
    `\nMilliseconds, median / p95; ${availableParallelism()} cores, load ${load.toFixed(1)} at the beginning, Node ${process.versions.node}`,
  );
  printTable(results);
  for (const line of [...results.flatMap(ownTime), '', ...ratios(results)]) console.log(line);
};

export const loadNow = (): number => loadavg()[0] ?? 0;

export const writeReport = async (file: string, report: Report): Promise<void> => {
  const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model, node: process.versions.node };
  await writeFile(file, `${JSON.stringify({ machine, ...report }, null, 2)}\n`);
};
