/** The arithmetic of a rolling update: how many replicas the new and the old ReplicaSets get next. */
import type { Deployment, ReplicaSet } from '../workloads.ts';

export interface Fence {
  replicas: number;
  maxSurge: number;
  maxUnavailable: number;
}

/** A number or a percentage of `total`; a percentage is rounded up or down. */
const resolve = (value: number | string, total: number, round: (value: number) => number): number =>
  typeof value === 'number' ? value : round((Number.parseFloat(value) * total) / 100);

/** Defaults 25 % each; surge is rounded up, unavailable down, and at least one of them is 1. */
export const fenceOf = ({ spec }: Deployment): Fence => {
  const replicas = spec.replicas ?? 1;
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const surge = resolve(maxSurge, replicas, Math.ceil);
  const unavailable = resolve(maxUnavailable, replicas, Math.floor);
  return { replicas, maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
};

export const replicasOf = (set: ReplicaSet | undefined): number => (set ? (set.spec.replicas ?? 1) : 0);

const total = (sets: ReplicaSet[], count: (set: ReplicaSet) => number): number =>
  sets.reduce((sum, set) => sum + count(set), 0);

const availableOf = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;

/** The replicas of the new ReplicaSet: as many as the surge leaves room for, never more than wanted. */
export const newReplicas = (
  { replicas, maxSurge }: Fence,
  current: ReplicaSet | undefined,
  old: ReplicaSet[],
): number => {
  const now = replicasOf(current);
  const room = replicas + maxSurge - now - total(old, replicasOf);
  return now >= replicas ? replicas : now + Math.max(0, Math.min(room, replicas - now));
};

/** Takes up to `budget` from each in turn, at most what `limit` says. */
const take = (sets: ReplicaSet[], budget: number, limit: (set: ReplicaSet) => number): number[] => {
  let left = Math.max(0, budget);
  return sets.map((set) => {
    const taken = Math.max(0, Math.min(left, limit(set)));
    left -= taken;
    return taken;
  });
};

/**
 * The replicas of each old ReplicaSet, in the order given (oldest first): first what is not available anyway, then
 * as many as leave `replicas - maxUnavailable` available.
 */
export const oldReplicas = (
  { replicas, maxUnavailable }: Fence,
  current: ReplicaSet,
  old: ReplicaSet[],
): number[] => {
  const minAvailable = replicas - maxUnavailable;
  const all = total([current, ...old], replicasOf);
  const newUnavailable = replicasOf(current) - availableOf(current);
  const budget = all - minAvailable - newUnavailable;
  if (budget <= 0) return old.map(replicasOf);

  const unhealthy = take(old, budget, (set) => replicasOf(set) - availableOf(set));
  const spare = total([current, ...old], availableOf) - minAvailable;
  const left = old.map((set, index) => replicasOf(set) - (unhealthy[index] ?? 0));
  const healthy = take(old, spare, (set) => left[old.indexOf(set)] ?? 0);
  return left.map((count, index) => count - (healthy[index] ?? 0));
};
