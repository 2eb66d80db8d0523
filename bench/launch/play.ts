/** One path: a control plane of its own, and series of Pods. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import type { Cluster, Log } from '../../shared/io/ports.ts';
import type { ConfigMap, Pod } from '../../shared/model/kubernetes.ts';
import { CONFIG_MAPS, PODS } from '../../shared/model/resources.ts';
import { applyRights, prepareCluster } from '../support/cluster.ts';
import { startControlPlane } from '../support/controlPlane.ts';
import { createLanes, patiently } from '../support/patience.ts';
import { startWatches } from '../support/watch.ts';
import { type Problems, problemsIn, type Result, resultOf } from './figures.ts';
import { createKubelet } from './kubelet.ts';
import { type Options, type Path, type Series, seriesOf } from './options.ts';
import { type LaunchPath, startPath } from './paths.ts';
import { NAMESPACE, podOf } from './pods.ts';
import { createTimeline, type Timeline } from './timeline.ts';

interface Stage {
  /** Everything is written below it; the caller removes it. */
  directory: string;
  options: Options;
  signal: AbortSignal;
  undo: AsyncDisposableStack;
  say(text: string): void;
  fail(fault: unknown): void;
}

interface Scene {
  admin: Cluster;
  path: LaunchPath;
  timeline: Timeline;
}

const LOOK_MILLISECONDS = 5;
/** What ends beside a Pod is done, too, before the next one. */
const SETTLE_MILLISECONDS = 50;
const CALIBRATION_ROUNDS = 20;

const setTheScene = async (path: Path, stage: Stage): Promise<Scene> => {
  const { directory, options, signal, undo, say, fail } = stage;
  const controlPlane = await startControlPlane(join(directory, 'control-plane'), 'launch');
  undo.defer(() => controlPlane.stop());
  const access = controlPlane.admin;
  const admin = connectCluster(access);
  await prepareCluster(admin, NAMESPACE, signal);
  await applyRights(controlPlane.kubeconfig, directory);
  const { environments, workers } = options;
  const launch = await startPath(path, { admin, own: controlPlane.own, environments, onFault: fail });
  undo.defer(() => launch.stop());
  const timeline = createTimeline();
  const kubelet = createKubelet({ cluster: connectCluster(access), workers, signal, onFault: fail });
  const log: Log = { info: () => undefined, warn: say, error: say };
  const watches = startWatches({ access, log, onFault: fail });
  undo.defer(() => watches.stop());
  watches.follow<ConfigMap>(CONFIG_MAPS, (_, after) => {
    if (after === undefined) return;
    timeline.takeConfigMap(after);
    kubelet.takeConfigMap(after);
  });
  watches.follow<Pod>(PODS, (before, after) => {
    if (after === undefined) return;
    timeline.takePod(after);
    launch.take(before, after);
    kubelet.takePod(before, after);
  });
  return { admin, path: launch, timeline };
};

const untilDone = async (
  { timeline }: Scene,
  prefix: string,
  count: number,
  { options, signal }: Stage,
): Promise<void> => {
  const end = performance.now() + 1000 * options.patience;
  while (timeline.done(prefix).length < count && performance.now() < end)
    await pause(LOOK_MILLISECONDS, undefined, { signal });
};

/** When the creation of each Pod was asked for, by its name. */
const createSeries = async (
  scene: Scene,
  { pods, levels, together }: Series,
  prefix: string,
  stage: Stage,
): Promise<Map<string, number>> => {
  const created = new Map<string, number>();
  const inLane = createLanes(together ? stage.options.workers : 1);
  const create = (index: number) =>
    inLane(async () => {
      const pod = podOf(prefix, levels);
      created.set(pod.metadata.name, performance.now());
      await patiently(() => scene.admin.create(PODS, pod), stage.signal);
      if (together) return;
      await untilDone(scene, prefix, index + 1, stage);
      await pause(SETTLE_MILLISECONDS, undefined, { signal: stage.signal });
    });
  await Promise.all(Array.from({ length: pods }, (_, index) => create(index)));
  await untilDone(scene, prefix, pods, stage);
  return created;
};

/** Patches of a Pod a second that the API server takes now, when nothing else is asked of it. */
const measureWrites = async ({ admin, timeline }: Scene, { options, signal }: Stage): Promise<number> => {
  const { items } = await admin.list<Pod>(PODS, { namespace: NAMESPACE });
  const inLane = createLanes(options.workers);
  const patch = (pod: Pod, round: number) => {
    const { uid } = pod.metadata;
    const change = { metadata: { uid, annotations: { bench: String(round) } } };
    return inLane(() => patiently(() => admin.patch(PODS, pod.metadata, change, { type: 'merge' }), signal));
  };
  const start = performance.now();
  for (let round = 0; round < CALIBRATION_ROUNDS; round += 1)
    await Promise.all(items.map((pod) => patch(pod, round)));
  const seconds = (performance.now() - start) / 1000;
  timeline.takeWrites();
  return (items.length * CALIBRATION_ROUNDS) / seconds;
};

export interface Played {
  results: Result[];
  /** Of this path, beside the figures. */
  writesPerSecond: number;
  problems: Problems;
}

const playSeries = async (
  scene: Scene,
  path: Path,
  series: Series,
  stage: Stage,
): Promise<{ result: Result; problems: Problems }> => {
  stage.say(`${path}: ${series.pods} Pods, ${series.name}`);
  const prefix = `${series.name.replaceAll(/[^a-z]+/g, '-')}-`;
  const created = await createSeries(scene, series, prefix, stage);
  await pause(SETTLE_MILLISECONDS, undefined, { signal: stage.signal });
  const { outcomes, faults } = await scene.path.tally();
  const pods = scene.timeline.done(prefix);
  const writes = scene.timeline.takeWrites();
  const result = resultOf({ path, series, writes, outcomes }, pods, created);
  return { result, problems: problemsIn(result, pods, faults) };
};

/** Rejects, with nothing left running, on the first fault of any part. */
export const playPath = async (
  path: Path,
  { interruption, ...given }: Pick<Stage, 'directory' | 'options' | 'say'> & { interruption: AbortSignal },
): Promise<Played> => {
  const fault = new AbortController();
  const signal = AbortSignal.any([interruption, fault.signal]);
  await using undo = new AsyncDisposableStack();
  try {
    const stage: Stage = { ...given, signal, undo, fail: (reason) => fault.abort(reason) };
    const scene = await setTheScene(path, stage);
    const [warmUp, ...all] = seriesOf(given.options);
    const { problems: first } = await playSeries(scene, path, warmUp, stage);
    const writesPerSecond = await measureWrites(scene, stage);
    const played: Played = { results: [], writesPerSecond, problems: first };
    for (const series of all) {
      const { result, problems } = await playSeries(scene, path, series, stage);
      played.results.push(result);
      played.problems.push(...problems);
    }
    return played;
  } catch (caught) {
    // What fails because everything is given up says less than why it was.
    throw signal.aborted ? signal.reason : caught;
  }
};
