/** One case: a control plane of its own, Pods that run, and rollouts one after the other. */
import { join } from 'node:path';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import type { Cluster, Log } from '../../shared/io/ports.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { PODS, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import { seeded } from '../../test/support/seeded.ts';
import { applyRights, prepareCluster } from '../support/cluster.ts';
import { startControlPlane } from '../support/controlPlane.ts';
import { type EventPath, startEventPath } from '../support/eventPath.ts';
import { until } from '../support/patience.ts';
import { startWatches } from '../support/watch.ts';
import { problemsOf } from './checks.ts';
import { type Row, together } from './figures.ts';
import { AGENT, createPods, makeSet, NAMESPACE, SET, upgradeSet } from './fleet.ts';
import { createKubelet } from './kubelet.ts';
import { eventOf, resyncEvents } from './observe.ts';
import type { Case, Options } from './options.ts';
import { createProgress, type Progress } from './progress.ts';

export interface Played {
  rows: Row[];
  problems: string[];
  podBytes: number;
  heap: number;
}

/** What is not of the rollout: creating Pods and waiting for them. */
const PREPARATION_SECONDS = 600;
/** Claims end after 60 s, and the function may look again that long after its last batch; what waits longer is left. */
const QUIET_SECONDS = 90;

/** A case that is set up. */
interface Scene {
  wanted: Case;
  options: Options;
  admin: Cluster;
  path: EventPath;
  progress: Progress;
  signal: AbortSignal;
  /** Changes call for events from now on. */
  open(): void;
  say(text: string): void;
}

const logTo = (say: (text: string) => void): Log => ({
  info: () => undefined,
  warn: (message, fields) => say(`${message} ${JSON.stringify(fields)}`),
  error: (message, fields) => say(`${message} ${JSON.stringify(fields)}`),
});

const startWorld = async (
  directory: string,
  options: Options,
  undo: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<{ access: ClusterAccess; admin: Cluster; own: ClusterAccess }> => {
  const controlPlane = await startControlPlane(join(directory, 'control-plane'), 'rollout');
  undo.defer(() => controlPlane.stop());
  const access = controlPlane.admin;
  const admin = connectCluster(access);
  await prepareCluster(admin, NAMESPACE, signal);
  if (!options.rights) return { access, admin, own: access };
  await applyRights(controlPlane.kubeconfig, directory);
  return { access, admin, own: controlPlane.own };
};

const setTheScene = async (
  wanted: Case,
  { directory, options, undo, signal, say, fail }: Stage,
): Promise<Scene> => {
  const { access, admin, own } = await startWorld(directory, options, undo, signal);
  const path = await startEventPath({
    name: 'rollout',
    program: join(import.meta.dirname, 'function.ts'),
    access: own,
    heap: options.heap,
    environments: options.environments,
    latencyMilliseconds: options.latency,
    duplicates: options.duplicates,
    onFault: fail,
  });
  undo.defer(() => path.stop());
  const progress = createProgress(wanted.pods);
  const kubelet = createKubelet({
    cluster: connectCluster(access),
    workers: options.workers,
    random: seeded(options.seed),
    restartSeconds: wanted.restartSeconds,
    showsDown: options.down,
    signal,
    onFault: fail,
  });
  let isOpen = false;
  const watches = startWatches({ access, log: logTo(say), onFault: fail });
  undo.defer(() => watches.stop());
  watches.follow<Pod>(PODS, (before, after) => {
    progress.takePod(before, after);
    if (after) kubelet.take(after);
    const event = isOpen ? eventOf(PODS, before, after) : undefined;
    if (event) path.send(event);
  });
  watches.follow<SidecarSet>(SIDECARSETS, (before, after) => {
    progress.takeSet(after);
    const event = eventOf(SIDECARSETS, before, after);
    if (event) path.send(event);
  });
  const open = () => {
    isOpen = true;
  };
  return { wanted, options, admin, path, progress, signal, say, open };
};

/** Returns when every message is done, or has waited for long. */
const untilQuiet = ({ path, signal }: Scene): Promise<void> => {
  const end = performance.now() + QUIET_SECONDS * 1000;
  const isQuiet = () => path.waiting() === 0 || (performance.now() > end && !path.isBusy());
  return until('every message is done', isQuiet, { seconds: 2 * QUIET_SECONDS, signal });
};

const storedSet = async ({ admin }: Scene): Promise<SidecarSet> => {
  const set = await admin.get<SidecarSet>(SIDECARSETS, { name: SET });
  if (set === undefined) throw new Error('the SidecarSet is gone');
  return set;
};

const resync = async (scene: Scene): Promise<void> => {
  for (const event of resyncEvents(await storedSet(scene))) scene.path.send(event);
};

/** SidecarSet, then Pods, then a status that tells of them: as it is long before anybody thinks of a new image. */
const settle = async (scene: Scene): Promise<void> => {
  const { admin, progress, wanted, signal, say, open } = scene;
  const patience = { seconds: PREPARATION_SECONDS, signal };
  await admin.create(SIDECARSETS, makeSet('v0', wanted.maxUnavailable));
  await until('the SidecarSet is known', () => progress.set() !== undefined, patience);
  await untilQuiet(scene);
  say(`creating ${wanted.pods} Pods`);
  await createPods(admin, await storedSet(scene), wanted.pods, signal);
  await until(
    'all Pods are ready',
    () => progress.pods() === wanted.pods && progress.settled() === wanted.pods,
    patience,
  );
  open();
  await resync(scene);
  await untilQuiet(scene);
  await scene.path.take();
};

/** Sends the resyncs of a rollout; `stop` gives back how many there were. */
const startResyncs = (scene: Scene, fail: (fault: unknown) => void): { stop(): number } => {
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    resync(scene).catch(fail);
  }, scene.options.resync * 1000);
  return {
    stop() {
      clearInterval(timer);
      return count;
    },
  };
};

const imageOf = (pod: Pod): string | undefined =>
  pod.spec.containers.find(({ name }) => name === AGENT)?.image;

interface Rolled {
  row: Row;
  /** Pods with the new image, in a list after the end. */
  moved: number;
  faults: string[];
  podBytes: number;
}

const roll = async (scene: Scene, rollout: number, fail: (fault: unknown) => void): Promise<Rolled> => {
  const { admin, path, progress, wanted, options, signal } = scene;
  const tag = `v${rollout}`;
  const image = `${AGENT}:${tag}`;
  const patience = { seconds: options.patience, signal };
  progress.begin(image);
  const resyncs = startResyncs(scene, fail);
  try {
    const start = performance.now();
    const { metadata } = await upgradeSet(admin, tag, wanted.maxUnavailable);
    progress.expectGeneration(metadata.generation ?? 0);
    await until('every Pod has the new image', () => progress.movedAt() !== undefined, patience);
    await until('the status says so', () => progress.toldAt() !== undefined, patience);
    await untilQuiet(scene);
    const quiet = performance.now();
    const since = (moment = quiet) => (moment - start) / 1000;
    const { carried, figures } = await path.take();
    const { items } = await admin.list<Pod>(PODS, { namespace: NAMESPACE });
    const peaks = progress.peaks();
    const row: Row = {
      ...wanted,
      rollout,
      seconds: since(progress.movedAt()),
      podsPerSecond: wanted.pods / since(progress.movedAt()),
      toldSeconds: since(progress.toldAt()),
      quietSeconds: since(),
      events: carried,
      left: path.waiting(),
      resyncs: resyncs.stop(),
      highestUnready: peaks.unready,
      highestHeld: peaks.held,
      ...together(figures),
    };
    return {
      row,
      moved: items.filter((pod) => imageOf(pod) === image).length,
      faults: figures.flatMap((each) => each.faults),
      podBytes: items.reduce((total, pod) => total + JSON.stringify(pod).length, 0) / items.length,
    };
  } finally {
    resyncs.stop();
  }
};

interface Stage {
  /** Everything is written below it; the caller removes it. */
  directory: string;
  options: Options;
  undo: AsyncDisposableStack;
  signal: AbortSignal;
  say(text: string): void;
  fail(fault: unknown): void;
}

/** Rejects, with nothing left running, on the first fault of any part. */
export const playCase = async (
  wanted: Case,
  {
    interruption,
    onRow,
    ...given
  }: Pick<Stage, 'directory' | 'options' | 'say'> & {
    interruption: AbortSignal;
    onRow(row: Row): void;
  },
): Promise<Played> => {
  const fault = new AbortController();
  const signal = AbortSignal.any([interruption, fault.signal]);
  const fail = (reason: unknown) => fault.abort(reason);
  await using undo = new AsyncDisposableStack();
  try {
    const scene = await setTheScene(wanted, { ...given, undo, signal, fail });
    await settle(scene);
    const played: Played = { rows: [], problems: [], podBytes: 0, heap: scene.path.heap };
    for (let rollout = 1; rollout <= given.options.rollouts; rollout += 1) {
      given.say(`rollout ${rollout}: ${wanted.pods} Pods, maxUnavailable ${wanted.maxUnavailable}`);
      const { row, moved, faults, podBytes } = await roll(scene, rollout, fail);
      onRow(row);
      played.rows.push(row);
      played.podBytes = podBytes;
      played.problems.push(...problemsOf(row, moved), ...faults);
    }
    return played;
  } catch (caught) {
    // What fails because everything is given up says less than why it was.
    throw signal.aborted ? signal.reason : caught;
  }
};
