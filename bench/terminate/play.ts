/** A control plane with a node, functions beside it, and Jobs in series. */
import { setTimeout as pause } from 'node:timers/promises';
import { openCluster } from '../../cli/cluster.ts';
import { installChecked } from '../../cli/install/install.ts';
import { functionUsers } from '../../infra/local/machine.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import type { Cluster, Log } from '../../shared/io/ports.ts';
import { JOBS } from '../../shared/model/resources.ts';
import { type Child, startChild } from '../support/child.ts';
import { problemsIn } from './checks.ts';
import { type Result, resultOf } from './figures.ts';
import { jobOf } from './jobs.ts';
import { type Journey, journeyOf } from './journey.ts';
import type {
  ClusterAnswer,
  ClusterAsk,
  ClusterTell,
  FunctionsAnswer,
  FunctionsAsk,
  Traced,
} from './messages.ts';
import { type Options, type Series, seriesOf, warmUpOf } from './options.ts';
import { now, type Stamp, type What } from './stamp.ts';
import { startWatches } from './watch.ts';

export interface Played {
  results: Result[];
  problems: string[];
}

interface Stage {
  /** Everything is written below it; the caller removes it. */
  directory: string;
  options: Options;
  signal: AbortSignal;
  say(text: string): void;
  fail(fault: unknown): void;
  undo: AsyncDisposableStack;
}

interface Scene {
  admin: Cluster;
  functions: Child<FunctionsAsk>;
  /** Of Jobs and Pods; it grows. */
  stamps: Stamp[];
  /** By Job, the name of its Pod. */
  pods: Map<string, string>;
  /** Lines that the functions have logged as errors. */
  errors: string[];
}

const LOOK_MILLISECONDS = 20;
/** After a Job is Complete, what ends beside it is noted, too. */
const SETTLE_MILLISECONDS = 300;

const startParts = async ({ directory, fail, undo }: Stage, scene: Pick<Scene, 'stamps' | 'errors'>) => {
  const { tokens, users } = functionUsers();
  const node = startChild<ClusterAsk, ClusterTell>({
    program: 'cluster.ts',
    onFault: fail,
    onTell({ detail, ...stamp }) {
      // A signal that the process does not handle is none.
      if (stamp.what !== 'signalled' || /^SIGTERM( by exec)?$/.test(detail)) scene.stamps.push(stamp);
    },
  });
  undo.defer(() => node.stop());
  const cluster = await node.ask<ClusterAnswer>({ directory, users: [...users] });
  const functions = startChild<FunctionsAsk>({
    program: 'functions.ts',
    onFault: fail,
    onLine: (line) => void (line.includes('"level":"error"') && scene.errors.push(line)),
  });
  undo.defer(() => functions.stop());
  const { url, ca } = cluster;
  const endpoint = await functions.ask<FunctionsAnswer>({ kind: 'start', cluster: { url, ca }, tokens });
  return { cluster, functions, endpoint };
};

const setTheScene = async (stage: Stage): Promise<Scene> => {
  const { say, undo } = stage;
  const stamps: Stamp[] = [];
  const errors: string[] = [];
  const pods = new Map<string, string>();
  say('starting the control plane and the functions');
  const { cluster, functions, endpoint } = await startParts(stage, { stamps, errors });
  const user = await openCluster(cluster.kubeconfig);
  await installChecked(user, { endpoint, signal: stage.signal, say: () => undefined });
  const log: Log = { info: () => undefined, warn: say, error: say };
  const watches = startWatches({
    cluster,
    log,
    onStamp: (stamp) => void stamps.push(stamp),
    onPod: (job, pod) => void pods.set(job, pod),
  });
  undo.defer(() => watches.stop());
  const { url, ca, token } = cluster;
  return { admin: connectCluster({ endpoint: url, ca, token }), functions, stamps, pods, errors };
};

/** Until the Job and its sidecar have ended, or their time is over: a phase ends a Job before its sidecar. */
const untilEnded = async (
  { stamps, pods }: Scene,
  job: string,
  { options, signal }: Stage,
): Promise<void> => {
  const end = now() + 1000 * options.patience;
  const has = (wanted: string | undefined, ...whats: What[]): boolean =>
    stamps.some(({ name, what }) => name === wanted && whats.includes(what));
  const isOver = () => has(job, 'complete', 'failed') && has(pods.get(job), 'exited');
  while (!isOver() && now() < end) await pause(LOOK_MILLISECONDS, undefined, { signal });
  await pause(SETTLE_MILLISECONDS, undefined, { signal });
};

const runJob = async (scene: Scene, { way }: Series, job: string, stage: Stage): Promise<void> => {
  scene.stamps.push({ name: job, what: 'created', at: now() });
  await scene.admin.create(JOBS, jobOf(way, job, stage.options.mainSeconds));
  await untilEnded(scene, job, stage);
};

const runJobs = async (scene: Scene, series: Series, names: string[], stage: Stage): Promise<void> => {
  if (series.together) {
    await Promise.all(names.map((name) => runJob(scene, series, name, stage)));
    return;
  }
  for (const name of names) await runJob(scene, series, name, stage);
};

const slug = ({ name }: Series): string => name.replaceAll(/[^a-z]+/g, '-');

const playSeries = async (scene: Scene, series: Series, stage: Stage): Promise<Result> => {
  stage.say(`${series.name}: ${series.jobs} Jobs ${series.together ? 'at once' : 'one after another'}`);
  const { way } = series;
  const names = Array.from({ length: series.jobs }, (_, index) => `${slug(series)}-${way}-${index}`);
  await runJobs(scene, series, names, stage);
  const traced = await scene.functions.ask<Traced>({ kind: 'take' });
  const all = [...scene.stamps, ...traced.stamps];
  const journeys = names.map((job): Journey => {
    const pod = scene.pods.get(job) ?? '';
    const own = all.filter(({ name }) => name === job || name === pod);
    return journeyOf({ job, way }, own, traced.execs[pod] ?? 0);
  });
  return resultOf(series, journeys, traced.cpuMilliseconds);
};

/** Rejects, with nothing left running, on the first fault of any part. */
export const play = async ({
  interruption,
  ...given
}: Pick<Stage, 'directory' | 'options' | 'say'> & { interruption: AbortSignal }): Promise<Played> => {
  const fault = new AbortController();
  const signal = AbortSignal.any([interruption, fault.signal]);
  await using undo = new AsyncDisposableStack();
  try {
    const stage: Stage = { ...given, signal, undo, fail: (reason) => fault.abort(reason) };
    const scene = await setTheScene(stage);
    // What the functions did while they were installed.
    await scene.functions.ask<Traced>({ kind: 'take' });
    const played: Played = { results: [], problems: [] };
    for (const series of [...warmUpOf(given.options), ...seriesOf(given.options)]) {
      const result = await playSeries(scene, series, stage);
      if (series.name !== 'warm-up') played.results.push(result);
      played.problems.push(...problemsIn(result.journeys));
    }
    played.problems.push(...scene.errors.map((line) => `a function logged: ${line}`));
    return played;
  } catch (caught) {
    // What fails because everything is given up says less than why it was.
    throw signal.aborted ? signal.reason : caught;
  }
};
