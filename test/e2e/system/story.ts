/** What became of a Job, from the outside: its verdict, its Pod, what its sidecar has written, what the node did. */
import { expect, vi } from 'vitest';
import type { Job } from '../../../infra/local/cluster/controllers/workloads.ts';
import type { NodeFact } from '../../../infra/local/cluster/node/facts.ts';
import { type Strategy, triesFor } from '../../../shared/core/termination/tries.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { isAlive } from '../../infra/local/cluster/node/bench.ts';
import { SIDE } from './manifests.ts';
import type { System } from './system.ts';

/** For a machine on which others work, too. */
export const PATIENCE = { timeout: 280_000, interval: 500 };

export const verdictOf = ({ status }: Job): string | undefined =>
  status?.conditions?.find(
    ({ type, status: holds }) => holds === 'True' && (type === 'Complete' || type === 'Failed'),
  )?.type;

export const untilOver = (system: System, jobs: string[]): Promise<Map<string, string>> =>
  vi.waitFor(async () => {
    const verdicts = new Map((await system.jobs()).map((job) => [job.metadata.name, verdictOf(job) ?? '']));
    expect(jobs.filter((name) => !verdicts.get(name))).toEqual([]);
    return verdicts;
  }, PATIENCE);

const pidsOf = (facts: NodeFact[], what: NodeFact['what']): number[] =>
  facts.flatMap((fact) => (fact.what === what ? (fact.pid ?? []) : []));

/** Processes of the facts that live. */
export const alive = (facts: NodeFact[]): number[] => pidsOf(facts, 'started').filter(isAlive);

/** Until every process of the facts has ended. */
export const untilQuiet = (facts: () => NodeFact[]): Promise<void> =>
  vi.waitFor(() => {
    const now = facts();
    expect(pidsOf(now, 'exited').sort()).toEqual(pidsOf(now, 'started').sort());
  }, PATIENCE);

export const podOf = (pods: Pod[], job: string): Pod | undefined =>
  pods.find(({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-name'] === job);

export const strategiesOf = (pod: Pod): Strategy[] => triesFor(pod, SIDE).map(({ strategy }) => strategy);

/** About the Pods of a Job. */
export const factsOf = (facts: NodeFact[], job: string): NodeFact[] =>
  facts.filter(({ pod }) => pod.startsWith(`${job}-`));

/** One kind of facts about one container. */
export const factsAbout = (facts: NodeFact[], container: string, what: NodeFact['what']): NodeFact[] =>
  facts.filter((fact) => fact.container === container && fact.what === what);

const isTerm = ({ what, detail }: NodeFact): boolean => what === 'signalled' && detail.startsWith('SIGTERM');

/** Processes that got SIGTERM more than once, by Pod and container. */
export const signalledTwice = (facts: NodeFact[]): string[] => {
  const processes = facts
    .filter(isTerm)
    .map(({ pod, uid, container, pid }) => `${pod}/${container} ${uid} ${pid}`);
  return processes.filter((one, index) => processes.indexOf(one) < index);
};
