/** The way of one Job, put together from what several processes have noted. */
import type { Way } from './jobs.ts';
import type { Stamp, What } from './stamp.ts';

/** `acting`: the call of `terminate` that acts; `seen`: its last read, which shows what is to be done. */
type Moment = What | 'acting' | 'seen';

export interface Journey {
  job: string;
  way: Way;
  /** Milliseconds of the common clock; of what came several times: the last `side-ended`, else the first. */
  at: Partial<Record<Moment, number>>;
  /** Invocations of `terminate` up to the one that acted; more than one: the first came too early. */
  runs: number;
  /** Events put on the bus up to then. */
  busHops: number;
  /** How often the node has sent SIGTERM, and how often a command was executed. */
  signals: number;
  execs: number;
}

const firstOf = (stamps: Stamp[]): Journey['at'] => {
  const at: Journey['at'] = {};
  for (const stamp of stamps.toSorted((a, b) => a.at - b.at))
    if (stamp.what === 'side-ended') at[stamp.what] = stamp.at;
    else at[stamp.what] ??= stamp.at;
  return at;
};

/** Those of the run that acts count. */
const OF_RUN: What[] = ['invoked', 'read', 'recorded', 'secured', 'opened'];

/** @param stamps of the Job and its Pod */
export const journeyOf = (
  { job, way }: Pick<Journey, 'job' | 'way'>,
  stamps: Stamp[],
  execs: number,
): Journey => {
  const sorted = stamps.toSorted((a, b) => a.at - b.at);
  const recorded = sorted.find(({ what }) => what === 'recorded');
  const ofRun = sorted.filter(({ run }) => run !== undefined && run === recorded?.run);
  const others = sorted.filter(({ what }) => what === 'invoked' || !OF_RUN.includes(what));
  const acting = ofRun.find(({ what }) => what === 'invoked')?.at;
  const seen = ofRun.findLast(({ what, at }) => what === 'read' && at <= (recorded?.at ?? 0))?.at;
  const upToThen = (wanted: What): number =>
    sorted.filter(({ what, at }) => what === wanted && at <= (acting ?? 0)).length;
  return {
    job,
    way,
    at: { ...firstOf(ofRun), ...firstOf(others), acting, seen },
    runs: upToThen('invoked'),
    busHops: upToThen('put'),
    signals: stamps.filter(({ what }) => what === 'signalled').length,
    execs,
  };
};

/** What ends our own part: the signal itself, or the write that makes the node send it. */
const OWN_END: Partial<Record<Way, What>> = { exec: 'signalled', image: 'recorded', phase: 'recorded' };

export interface Hop {
  label: string;
  from: Moment | 'own-end';
  to: Moment | 'own-end';
  /** Absent: all of them. */
  ways?: Way[];
}

const PATCHED: Way[] = ['image', 'phase'];
const OURS: Way[] = ['exec', ...PATCHED];

/** One after another: together they are our own time. */
export const OWN_HOPS: Hop[] = [
  { label: 'review received -> observe called', from: 'received', to: 'observed', ways: OURS },
  { label: 'observe: decided, event sent', from: 'observed', to: 'put', ways: OURS },
  { label: 'bus: event sent -> message in queue', from: 'put', to: 'queued', ways: OURS },
  { label: 'queue -> terminate called', from: 'queued', to: 'invoked', ways: OURS },
  { label: 'came too early: called again', from: 'invoked', to: 'acting', ways: OURS },
  { label: 'Pod read', from: 'acting', to: 'read', ways: OURS },
  { label: 'came too early: Pod read again', from: 'read', to: 'seen', ways: OURS },
  { label: 'try recorded', from: 'seen', to: 'recorded', ways: OURS },
  { label: 'exec: connected (TLS)', from: 'recorded', to: 'secured', ways: ['exec'] },
  { label: 'exec: WebSocket open', from: 'secured', to: 'opened', ways: ['exec'] },
  { label: 'exec: SIGTERM sent by the node', from: 'opened', to: 'signalled', ways: ['exec'] },
];

export const OWN_TIME: Hop = {
  label: 'OUR OWN TIME: review received -> done',
  from: 'received',
  to: 'own-end',
};

/** The review comes before its write is visible. */
export const SINCE_VISIBLE: Hop = {
  label: 'main ended (watch) -> done',
  from: 'main-ended',
  to: 'own-end',
};

export const OTHER_HOPS: Hop[] = [
  SINCE_VISIBLE,
  { label: 'review received -> main ended (watch)', from: 'received', to: 'main-ended', ways: OURS },
  { label: 'PutEvents answered', from: 'put', to: 'taken', ways: OURS },
];

export const NODE_HOPS: Hop[] = [
  { label: 'node: written -> SIGTERM sent', from: 'own-end', to: 'signalled', ways: PATCHED },
  { label: 'node: SIGTERM -> process ended', from: 'signalled', to: 'exited' },
  { label: 'node: SIGTERM -> sidecar ended (watch)', from: 'signalled', to: 'side-ended' },
  { label: 'main ended -> SIGTERM sent', from: 'main-ended', to: 'signalled' },
  { label: 'main ended -> sidecar ended', from: 'main-ended', to: 'side-ended' },
  { label: 'main ended -> Pod ended', from: 'main-ended', to: 'pod-ended' },
  { label: 'main ended -> Job Complete', from: 'main-ended', to: 'complete' },
  { label: 'created -> Job Complete', from: 'created', to: 'complete' },
];

/** Milliseconds; `undefined` where the Job did not come by. */
export const lengthOf = ({ way, at }: Journey, { from, to, ways }: Hop): number | undefined => {
  if (ways && !ways.includes(way)) return undefined;
  const moment = (which: Moment | 'own-end'): number | undefined => {
    const what = which === 'own-end' ? OWN_END[way] : which;
    return what && at[what];
  };
  const [start, end] = [moment(from), moment(to)];
  return start === undefined || end === undefined ? undefined : end - start;
};
