/** The whole system in this process: embedded cluster, local AWS and the real functions, and what its user sees of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster, type UserCluster } from '../../../cli/cluster.ts';
import { install } from '../../../cli/install/install.ts';
import type { Manifest } from '../../../cli/manifests.ts';
import { JOBS, type Job } from '../../../infra/local/cluster/controllers/workloads.ts';
import type { NodeFact } from '../../../infra/local/cluster/node/facts.ts';
import { startMachine } from '../../../infra/local/machine.ts';
import type { ObjectEvent } from '../../../shared/core/resources/event.ts';
import { containerStatus } from '../../../shared/core/resources/pod.ts';
import { createLog } from '../../../shared/io/log.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { EVENTS, PODS } from '../../../shared/model/resources.ts';
import { sidecarImages } from '../../support/sidecarImages.ts';

export interface SystemOptions {
  /** Names of functions that are not started. */
  without?: string[];
  /** Milliseconds; so seldom that events alone do it, without it. */
  resyncEvery?: number;
}

export interface System {
  cluster: UserCluster;
  /** All that has happened on the node. */
  facts: NodeFact[];
  apply(manifests: object[]): Promise<void>;
  jobs(): Promise<Job[]>;
  /** Pods of all namespaces. */
  pods(): Promise<Pod[]>;
  events(): Promise<ObjectEvent[]>;
  /** The output of a container; of one that was started again, that of the run before. */
  log(pod: Pod, container: string): Promise<string>;
  stop(): Promise<void>;
}

/** A test is over by then, unless the machine is so loaded that the webhook of an event takes its 5 s, and the event is lost. */
const SELDOM = 100_000;
/** The clients of one test; more would only wait for each other. */
const AT_ONCE = 10;

const readLog = async ({ send }: UserCluster, pod: Pod, container: string): Promise<string> => {
  const { namespace, name } = pod.metadata;
  const hasRestarted = (containerStatus(pod, container)?.restartCount ?? 0) > 0;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
  const { status, body } = await send({
    method: 'GET',
    path,
    query: { container, ...(hasRestarted && { previous: 'true' }) },
  });
  if (status !== 200) throw new Error(`log of ${name}: ${JSON.stringify(body)}`);
  return String(body);
};

/** Rejects, with nothing left behind, if a part does not start. */
export const startSystem = async ({ without, resyncEvery }: SystemOptions = {}): Promise<System> => {
  await using undo = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'e2e-'));
  undo.defer(() => rm(directory, { recursive: true, force: true }));
  const facts: NodeFact[] = [];
  const machine = await startMachine({
    directory,
    without,
    resyncEvery: resyncEvery ?? SELDOM,
    images: sidecarImages,
    logLevel: 'ERROR',
    log: createLog({ function: 'test', level: 'ERROR', write: console.error }),
    onFact: (fact) => facts.push(fact),
  });
  undo.defer(() => machine.stop());
  const cluster = await openCluster(machine.kubeconfig);
  await install(cluster, machine.endpoint);
  const started = undo.move();
  return {
    cluster,
    facts,
    async apply(manifests) {
      const left = [...manifests] as Manifest[];
      const work = async (): Promise<void> => {
        for (let next = left.shift(); next; next = left.shift()) await cluster.apply(next);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
    jobs: async () => (await cluster.list<Job>(JOBS)).items,
    pods: async () => (await cluster.list<Pod>(PODS)).items,
    events: async () => (await cluster.list<ObjectEvent>(EVENTS)).items,
    log: (pod, container) => readLog(cluster, pod, container),
    stop: () => started.disposeAsync(),
  };
};
