/** From what was counted to a row of the report. */
import type { IntOrString } from '../../shared/model/sidecarset.ts';
import type { Carried } from '../support/eventPath.ts';
import type { Figures, Requests } from '../support/messages.ts';

/** One rollout of one case. */
export interface Row {
  pods: number;
  maxUnavailable: IntOrString;
  /** 1 is the first of these Pods: it writes their condition SidecarSetUpgradable, too. */
  rollout: number;
  /** From the write of the SidecarSet until a watch has seen the image in every Pod's spec. */
  seconds: number;
  podsPerSecond: number;
  /** From the same write until the status says that all Pods are updated and ready. */
  toldSeconds: number;
  /** Until then and after it, until no message was left. */
  quietSeconds: number;
  /** Runs that moved Pods. */
  batches: number;
  /** Lists of the SidecarSet's Pods, as objects and as metadata. */
  fullLists: number;
  metadataLists: number;
  /** Requests that both took. */
  pages: number;
  /** Decrypted bytes of their answers, with headers. */
  listBytes: number;
  otherReads: number;
  writes: Record<string, number>;
  refusedWrites: number;
  events: Carried;
  /** Messages that still waited at the end. */
  left: number;
  resyncs: number;
  invocations: number;
  longestInvocationSeconds: number;
  outcomes: Record<string, number>;
  faults: number;
  /** Of the process that has most, in bytes; `highestRss` since it was started. */
  rss: number;
  highestRss: number;
  /** Most Pods at once that were not ready, and that were not ready or about to restart. */
  highestUnready: number;
  highestHeld: number;
  requests: Requests;
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

const mergeCounts = (all: Record<string, number>[]): Record<string, number> => {
  const names = new Set(all.flatMap(Object.keys));
  return Object.fromEntries([...names].sort().map((name) => [name, sum(all.map((each) => each[name] ?? 0))]));
};

const mergeRequests = (all: Requests[]): Requests => {
  const kinds = new Set(all.flatMap(Object.keys));
  const total = (kind: string, what: 'calls' | 'bytes' | 'refused') =>
    sum(all.map((each) => each[kind]?.[what] ?? 0));
  return Object.fromEntries(
    [...kinds]
      .sort()
      .map((kind) => [
        kind,
        { calls: total(kind, 'calls'), bytes: total(kind, 'bytes'), refused: total(kind, 'refused') },
      ]),
  );
};

const FULL_LIST = 'list pods';
const METADATA_LIST = 'list metadata of pods';
const LISTS = [FULL_LIST, METADATA_LIST, 'page pods', 'page metadata of pods'];
const READS = /^(get|list|page|look up) /;

type FromProcesses = Pick<
  Row,
  | 'batches'
  | 'fullLists'
  | 'metadataLists'
  | 'pages'
  | 'listBytes'
  | 'otherReads'
  | 'writes'
  | 'refusedWrites'
  | 'invocations'
  | 'longestInvocationSeconds'
  | 'outcomes'
  | 'faults'
  | 'rss'
  | 'highestRss'
  | 'requests'
>;

/** The function's figures, of all its processes together. */
export const together = (figures: Figures[]): FromProcesses => {
  const requests = mergeRequests(figures.map((each) => each.requests));
  const entries = Object.entries(requests);
  const calls = (kind: string): number => requests[kind]?.calls ?? 0;
  const writes = entries.filter(([kind]) => !READS.test(kind));
  const highest = (what: 'rss' | 'highestRss' | 'longestMilliseconds') =>
    Math.max(...figures.map((each) => each[what]));
  return {
    batches: sum(figures.map((each) => each.batches)),
    fullLists: calls(FULL_LIST),
    metadataLists: calls(METADATA_LIST),
    pages: sum(LISTS.map(calls)),
    listBytes: sum(LISTS.map((kind) => requests[kind]?.bytes ?? 0)),
    otherReads: sum(
      entries.map(([kind, counts]) => (READS.test(kind) && !LISTS.includes(kind) ? counts.calls : 0)),
    ),
    writes: Object.fromEntries(writes.map(([kind, counts]) => [kind, counts.calls])),
    refusedWrites: sum(writes.map(([, { refused }]) => refused)),
    invocations: sum(figures.map((each) => each.invocations)),
    longestInvocationSeconds: highest('longestMilliseconds') / 1000,
    outcomes: mergeCounts(figures.map((each) => each.outcomes)),
    faults: sum(figures.map(({ faultCount }) => faultCount)),
    rss: highest('rss'),
    highestRss: highest('highestRss'),
    requests,
  };
};
