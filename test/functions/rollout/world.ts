/** A setting that lives: nodes carry upgrades out, an event path repeats and reorders, a ledger watches. */
import { expect } from 'vitest';
import { sentOn } from '../../../shared/core/forwarding/again.ts';
import { podAsksForRollout, setsOf } from '../../../shared/core/forwarding/rolloutCall.ts';
import { ClusterError } from '../../../shared/io/ports.ts';
import type { ClusterEvent } from '../../../shared/model/event.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH } from '../../../shared/model/names.ts';
import type { Outcome } from '../../../shared/model/outcome.ts';
import { PODS } from '../../../shared/model/resources.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import type { FakeChange } from '../../support/fakeCluster.ts';
import { SET } from '../../support/fleet.ts';
import { eventFor } from '../../support/pods.ts';
import { hashOf, isAlive, keepLedger, type Ledger, type LedgerOptions } from './ledger.ts';
import { nodeStep, runsAll } from './node.ts';
import { createOwner, type OwnerKind } from './owner.ts';
import { createRandom, type Random } from './random.ts';
import { createSetting, RESYNC, type Setting } from './setting.ts';
import type { Through } from './through.ts';

/** Seconds after which a message that failed comes back. */
const VISIBILITY = 30;

/** Seconds between two resyncs. */
const RESYNC_EVERY = 600;

/** The longest delay that SQS has. */
const MOST_DELAY = 900;

/** The SidecarSet was changed. */
export const CHANGED: ClusterEvent = { ...RESYNC, resourceVersion: '1' };

interface Message {
  event: ClusterEvent;
  /** Milliseconds. */
  at: number;
}

export interface WorldOptions extends LedgerOptions {
  seed?: number;
  /** How often each event about a Pod arrives. */
  copies?: number;
  /** Pods of other SidecarSets, or of none. */
  strangers?: Pod[];
  /** Who makes another Pod where one is deleted: at once and under a new name, or once it is gone and under its own. */
  owner?: OwnerKind;
}

export interface World extends Setting {
  ledger: Ledger;
  random: Random;
  queue: Message[];
  /** Every event that was ever put in the queue. */
  sent: ClusterEvent[];
  /** Of all deliveries, in order; a fault is none. */
  outcomes: Outcome[];
  send(event: ClusterEvent, seconds?: number): void;
  /** Runs on the event; what is to come back is in the queue then, and so is the event if it failed. */
  deliver(event: ClusterEvent, through?: Through): Promise<Outcome[]>;
  /** Somebody else deletes the Pod: a drain, a scale-down. */
  deletes(pod: Pod, options?: { isReplaced?: boolean }): void;
  /** One step of some node or owner; `false` if all Pods are as their specs want them. */
  nodeActs(): boolean;
  /** Delivers what is due, in any order, lets nodes act in between and the time pass, until nothing is left. */
  settle(options?: { through?: Through; most?: number; until?: () => boolean }): Promise<void>;
  /** As `settle`, and two resyncs after that. */
  settleWithResyncs(): Promise<void>;
  /** Pods of the SidecarSet that are there, whoever made them. */
  alive(): Pod[];
  /** The promises were kept, all Pods carry the latest revision, the status is true and a resync writes nothing. */
  expectComplete(): Promise<void>;
  expectKept(): void;
  expectTruth(): void;
  expectSilence(): Promise<void>;
}

const keyOf = ({ metadata: { namespace, name } }: Pod): string => `${namespace}/${name}`;

const podEvent = (before: Pod | undefined, after: Pod | undefined): ClusterEvent | undefined => {
  const metadata = (after ?? before)?.metadata;
  if (metadata === undefined || !podAsksForRollout({ before, after })) return undefined;
  const { namespace, name, uid } = metadata;
  return eventFor('rollout', {
    ref: { kind: 'Pod', namespace, name, uid },
    sets: setsOf({ before, after }),
    resourceVersion: before?.metadata.resourceVersion,
  });
};

export const createWorld = (set: SidecarSet, pods: Pod[], options: WorldOptions = {}): World => {
  const { seed = 1, copies = 2, strangers = [] } = options;
  const setting = createSetting(set, pods);
  const { cluster, clock } = setting;
  for (const pod of strangers) cluster.put(PODS, pod);
  const ledger = keepLedger(cluster, {
    maxUnavailable: set.spec.updateStrategy?.maxUnavailable,
    ...options,
  });
  const random = createRandom(seed);
  const queue: Message[] = [];
  const unsettled = new Set<string>();
  const outcomes: Outcome[] = [];
  const owner = createOwner(setting, options.owner);

  const sent: ClusterEvent[] = [];
  const send = (event: ClusterEvent, seconds = 0): void => {
    sent.push(event);
    queue.push({ event, at: clock.now().getTime() + Math.min(seconds, MOST_DELAY) * 1000 });
  };

  cluster.onChange(({ resource, before, after }: FakeChange) => {
    if (resource !== PODS) return;
    owner.sees(before as Pod | undefined, after as Pod | undefined);
    const event = podEvent(before as Pod | undefined, after as Pod | undefined);
    for (let copy = 0; event && copy < copies; copy++) send(event);
    if (after) unsettled.add(keyOf(after as Pod));
    else if (before) unsettled.delete(keyOf(before as Pod));
  });

  const sendAgain = (outcome: Outcome): void => {
    const event = outcome.kind === 'later' ? sentOn(outcome.event) : undefined;
    if (outcome.kind === 'later' && event) send(event, outcome.seconds);
  };

  const takeDue = (): Message | undefined => {
    const now = clock.now().getTime();
    const due = queue.filter(({ at }) => at <= now);
    if (due.length === 0) return undefined;
    const message = random.take(due);
    queue.splice(queue.indexOf(message), 1);
    return message;
  };

  const passToNext = (): boolean => {
    if (queue.length === 0) return false;
    const next = Math.min(...queue.map(({ at }) => at));
    clock.pass((next - clock.now().getTime()) / 1000);
    return true;
  };

  const nodeActsOn = (key: string): boolean => {
    const [namespace = '', name = ''] = key.split('/');
    const pod = cluster.read<Pod>(PODS, { namespace, name });
    if (pod.metadata.deletionTimestamp) {
      cluster.drop(PODS, pod.metadata);
      return true;
    }
    const next = isAlive(pod) ? nodeStep(pod, clock.now()) : undefined;
    if (next) cluster.put(PODS, next);
    return next !== undefined;
  };

  /** A node acts, or the time passes, or a message is due; `false` if nothing is left. */
  const somethingElse = (): boolean => {
    if (random.chance(0.4) && world.nodeActs()) return true;
    const isDue = queue.some(({ at }) => at <= clock.now().getTime());
    return isDue || world.nodeActs() || passToNext();
  };

  const world: World = {
    ...setting,
    ledger,
    random,
    queue,
    sent,
    outcomes,
    send,
    alive: () =>
      cluster
        .readAll<Pod>(PODS)
        .filter((pod) => isAlive(pod) && setsOf({ before: undefined, after: pod }).includes(SET)),
    pods: () => world.alive(),
    on: (tag) =>
      world
        .alive()
        .filter(({ spec }) => spec.containers.some(({ image }) => image === `agent:${tag}`))
        .map(({ metadata }) => metadata.name),
    async deliver(event, through) {
      const results = await setting.runAll(event, through).catch((fault: unknown) => {
        if (!(fault instanceof ClusterError)) throw fault;
        send(event, VISIBILITY);
        return [];
      });
      outcomes.push(...results);
      for (const outcome of results) sendAgain(outcome);
      return results;
    },
    deletes({ metadata }, { isReplaced = true } = {}) {
      if (!isReplaced) owner.leaves(metadata.uid);
      const now = cluster.read<Pod>(PODS, metadata);
      const deletionTimestamp = clock.now().toISOString();
      cluster.put(PODS, { ...now, metadata: { ...now.metadata, deletionTimestamp } });
    },
    nodeActs() {
      if (random.chance(0.5) && owner.acts()) return true;
      const left = [...unsettled];
      while (left.length > 0) {
        const key = random.take(left);
        if (nodeActsOn(key)) return true;
        unsettled.delete(key);
      }
      return owner.acts();
    },
    nodeCatchesUp() {
      while (world.nodeActs());
    },
    async settle({ through, most = 5_000, until = () => false } = {}) {
      let left = most;
      while (!until() && somethingElse()) {
        const message = takeDue();
        if (message === undefined) continue;
        if (left-- === 0) throw new Error(`not settled after ${most} deliveries`);
        await world.deliver(message.event, through);
      }
    },
    async settleWithResyncs() {
      await world.settle();
      for (let resyncs = 0; resyncs < 2; resyncs++) {
        clock.pass(RESYNC_EVERY);
        world.send(RESYNC);
        await world.settle();
      }
    },
    expectKept: () => expect(ledger.violations).toEqual([]),
    expectTruth() {
      const alive = world.alive();
      const latest = world.set().metadata.annotations?.[ANNOTATION_HASH];
      const updated = alive.filter((pod) => hashOf(pod) === latest);
      const { readyPods, updatedReadyPods = 0, ...told } = world.status();
      expect({ ...told, readyPods, updatedReadyPods }).toMatchObject({
        observedGeneration: world.set().metadata.generation,
        matchedPods: alive.length,
        updatedPods: updated.length,
        readyPods: alive.filter(runsAll).length,
        updatedReadyPods: updated.filter(runsAll).length,
      });
      const { holder, until = '' } = told.claim ?? {};
      expect(holder !== undefined && Date.parse(until) > clock.now().getTime()).toBe(false);
    },
    async expectSilence() {
      for (let again = 0; again < 2; again++) {
        cluster.calls.length = 0;
        await setting.run(RESYNC);
        expect(cluster.writes()).toEqual([]);
      }
    },
    async expectComplete() {
      world.expectKept();
      world.expectTruth();
      expect(world.status().updatedPods).toBe(world.alive().length);
      expect(world.status().waiting).toBeUndefined();
      await world.expectSilence();
    },
  };
  return world;
};

/** Stores the SidecarSet as the event of its change finds it, with a status of an earlier rollout. */
export const changed = (world: World, next: SidecarSet): void => {
  world.apply(next);
  world.send({ ...CHANGED, resourceVersion: String(Number(world.set().metadata.resourceVersion) - 1) });
};
