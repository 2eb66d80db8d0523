/** An API core with the local node on it, and real child processes; everything is gone after `close`. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { createApiServer } from '../../../../../infra/local/cluster/api/server.ts';
import type { ExecOutput } from '../../../../../infra/local/cluster/api/types.ts';
import { createLocalClient, type LocalClient } from '../../../../../infra/local/cluster/client.ts';
import { createImages } from '../../../../../infra/local/cluster/images/images.ts';
import type { NodeFact } from '../../../../../infra/local/cluster/node/facts.ts';
import { type Node, type NodeOptions, startNode } from '../../../../../infra/local/cluster/node/node.ts';
import { systemClock } from '../../../../../shared/io/clock.ts';
import type { Log } from '../../../../../shared/io/ports.ts';
import type {
  Container,
  ContainerStatus,
  KubernetesObject,
  Pod,
  PodSpec,
} from '../../../../../shared/model/kubernetes.ts';
import { CONFIG_MAPS, EVENTS, PODS, type Resource } from '../../../../../shared/model/resources.ts';
import { sidecarImages } from '../../../../support/sidecarImages.ts';

export const BUSYBOX = 'local/busybox:latest';
const SECRETS: Resource = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true };
const NAMESPACE = 'default';

const QUIET: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A container that runs a script in the image that has nothing but a shell. */
export const script = (name: string, text: string, more: Partial<Container> = {}): Container => ({
  name,
  image: BUSYBOX,
  command: ['/bin/sh', '-c', text],
  ...more,
});

/** Runs until SIGTERM, then exits 0; says `up` when it has its handler. */
export const SIDECAR = "trap 'exit 0' TERM; echo up; while :; do sleep 0.1; done";

export interface Bench {
  client: LocalClient;
  node: Node;
  facts: NodeFact[];
  directory: string;
  sink: string;
  run(spec: PodSpec, metadata?: Partial<Pod['metadata']>): Promise<Pod>;
  pod(pod: Pod): Promise<Pod | undefined>;
  /** Waits until the Pod fits, and returns it. */
  until(pod: Pod, fits: (status: NonNullable<Pod['status']>) => unknown): Promise<Pod>;
  /** Waits until the Pod is Running and the named containers have said `up`. */
  up(pod: Pod, ...containers: string[]): Promise<Pod>;
  configMap(name: string, data: Record<string, string>): Promise<void>;
  secret(name: string, data: Record<string, string>): Promise<void>;
  /** Reasons and messages of the Pod's Events. */
  events(pod: Pod): Promise<string[]>;
  /** What the node has told about the Pod, of one kind if that is given. */
  factsOf(pod: Pod, what?: NodeFact['what']): NodeFact[];
  exec(pod: Pod, container: string, ...command: string[]): Promise<ExecOutput>;
  logs(pod: Pod, container: string, previous?: boolean): Promise<string>;
  close(): Promise<void>;
}

export const statusOf = (pod: Pod, container: string): ContainerStatus => {
  const {
    initContainerStatuses = [],
    containerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status ?? {};
  const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  const found = all.find(({ name }) => name === container);
  if (found === undefined) throw new Error(`${pod.metadata.name} has no status of ${container}`);
  return found;
};

/** Whether a process lives; asks, and signals nothing. One that has ended and that nobody has waited for is dead. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (fault) {
    return fault instanceof Error && 'path' in fault && !existsSync('/proc/self/stat');
  }
};

const keyOf = ({ metadata }: Pod) => ({ namespace: NAMESPACE, name: metadata.name, uid: metadata.uid ?? '' });

export const startBench = async (options: Partial<NodeOptions> = {}): Promise<Bench> => {
  const directory = await mkdtemp(join(tmpdir(), 'node-test-'));
  const facts: NodeFact[] = [];
  const api = createApiServer({ clock: systemClock });
  const client = createLocalClient(api, { username: 'test', groups: ['system:masters'] });
  const node = startNode({
    client,
    clock: systemClock,
    directory: join(directory, 'node'),
    images: createImages({ sink: directory, more: sidecarImages }),
    onFact: (fact) => facts.push(fact),
    log: QUIET,
    relistMilliseconds: 30,
    delays: { start: 0, restart: 0, ephemeral: 0, teardown: 0 },
    random: () => 0,
    ...options,
  });
  const put = async (resource: Resource, kind: string, name: string, data: Record<string, string>) => {
    const metadata = { name, namespace: NAMESPACE };
    await client.remove(resource, metadata);
    await client.create<KubernetesObject & { data: object }>(resource, {
      apiVersion: 'v1',
      kind,
      metadata,
      data,
    });
  };
  const read = (pod: Pod) => client.get<Pod>(PODS, keyOf(pod));
  const bench: Bench = {
    client,
    node,
    facts,
    directory,
    sink: directory,
    run: (spec, metadata) =>
      client.create<Pod>(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `pod-${facts.length}-${Math.random().toString(36).slice(2, 8)}`,
          namespace: NAMESPACE,
          ...metadata,
        },
        spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, nodeName: 'local-node', ...spec },
      }),
    pod: read,
    until: (pod, fits) =>
      vi.waitFor(
        async () => {
          const now = await read(pod);
          expect(now?.status && fits(now.status), JSON.stringify(now?.status, null, 1)).toBeTruthy();
          return now as Pod;
        },
        { timeout: 10_000, interval: 20 },
      ),
    async up(pod, ...containers) {
      const running = await bench.until(pod, ({ phase }) => phase === 'Running');
      for (const name of containers) {
        await vi.waitFor(async () => expect(await bench.logs(pod, name)).toMatch(/^up$/m), {
          timeout: 10_000,
        });
      }
      return running;
    },
    configMap: (name, data) => put(CONFIG_MAPS, 'ConfigMap', name, data),
    secret: (name, data) =>
      put(
        SECRETS,
        'Secret',
        name,
        Object.fromEntries(
          Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
        ),
      ),
    async events(pod) {
      const { items } = await client.list<KubernetesObject & Record<string, unknown>>(EVENTS, {
        namespace: NAMESPACE,
      });
      return items
        .filter(({ involvedObject }) => (involvedObject as { uid?: string }).uid === pod.metadata.uid)
        .map(({ reason, message }) => `${reason}: ${message}`);
    },
    factsOf: (pod, what) =>
      facts.filter((fact) => fact.uid === pod.metadata.uid && (what === undefined || fact.what === what)),
    exec: (pod, container, ...command) => node.exec(keyOf(pod), container, command),
    async logs(pod, container, previous = false) {
      let text = '';
      for await (const piece of node.logs(keyOf(pod), container, { follow: false, previous })) text += piece;
      return text;
    },
    async close() {
      await node.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return bench;
};
