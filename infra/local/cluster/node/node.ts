/**
 * The embedded node: runs the containers of the Pods that are bound to it as child processes, with no root, no
 * namespaces and no registry. Resources, ports and security contexts are not enforced, but for who may signal whom.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock, Log } from '../../../../shared/io/ports.ts';
import type { KubernetesObject, Pod } from '../../../../shared/model/kubernetes.ts';
import { CONFIG_MAPS, PODS, type Resource } from '../../../../shared/model/resources.ts';
import { ApiError, type KubeletEndpoint, type PodKey } from '../api/types.ts';
import type { LocalClient } from '../client.ts';
import { createRecorder } from '../controllers/events.ts';
import type { Images } from '../images/images.ts';
import { Addresses } from './addresses.ts';
import { type Delays, MEASURED, RELIST } from './delays.ts';
import { execIn, logsOf } from './endpoint.ts';
import type { NodeFact } from './facts.ts';
import { payloadOf } from './files/payload.ts';
import type { IssueToken, Sources } from './files/volumes.ts';
import { Groups } from './processes/groups.ts';
import { HOST_IP, NODE_NAME, registerNode } from './registration.ts';
import type { Surroundings } from './surroundings.ts';
import { PodWorker } from './worker.ts';

export { killAllNow } from './processes/groups.ts';

export interface NodeOptions {
  client: LocalClient;
  clock: Clock;
  /** Everything that the node writes lies below it; made if need be, removed by the caller after `stop`. */
  directory: string;
  images: Images;
  onFact: (fact: NodeFact) => void;
  log: Log;
  /** What is sent where SIGTERM is asked for; SIGKILL makes a node that is broken on purpose. */
  signals?: { TERM: 'SIGTERM' | 'SIGKILL' };
  /** Port of the node's TLS endpoint, where the API server does not call the node in this process. */
  kubeletPort?: number;
  /** Gets a Pod's service account token for a projected volume; without it such a volume is refused. */
  serviceAccountToken?: IssueToken;
  /** Between two looks at the processes; a second, as in the kubelet, without it. */
  relistMilliseconds?: number;
  /** What takes time on a real node; as measured there, without it. */
  delays?: Delays;
  /** From 0 to 1: spreads retries. */
  random?: () => number;
}

export interface Node extends KubeletEndpoint {
  /** Kills every child and waits for all of them; the Pods' statuses stay as they are. */
  stop(): Promise<void>;
}

const SECRETS: Resource = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true };

const sourcesOf =
  (client: LocalClient) =>
  (namespace: string): Sources =>
  async ({ kind, name }) => {
    const object = await client.get<KubernetesObject>(kind === 'Secret' ? SECRETS : CONFIG_MAPS, {
      namespace,
      name,
    });
    return object && payloadOf(kind, object);
  };

const surroundingsOf = (options: NodeOptions): Surroundings => {
  const { client, clock, log } = options;
  const directory = resolve(options.directory);
  if (!/^[\w./+@-]+$/.test(directory)) {
    throw new Error(
      `${directory}: the node's directory becomes part of shell commands; use plain letters only`,
    );
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    ...options,
    directory,
    groups: new Groups(),
    sources: sourcesOf(client),
    record: createRecorder({ client, clock, log, component: 'kubelet' }),
    term: options.signals?.TERM ?? 'SIGTERM',
    delays: options.delays ?? MEASURED,
    random: options.random ?? Math.random,
  };
};

/** Follows the Pods of this node, one worker each, until it is stopped. */
export const startNode = (options: NodeOptions): Node => {
  const { client, clock, log, relistMilliseconds = RELIST } = options;
  const around = surroundingsOf(options);
  const addresses = new Addresses();
  const workers = new Map<string, PodWorker>();

  const begin = (pod: Pod, uid: string): PodWorker => {
    const podIp = addresses.take();
    const worker = new PodWorker(around, pod, { podIp, hostIp: HOST_IP }, () => {
      addresses.giveBack(podIp);
      workers.delete(uid);
    });
    workers.set(uid, worker);
    return worker;
  };
  const onChange = (type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: Pod): void => {
    const { uid = '' } = pod.metadata;
    const worker = workers.get(uid);
    if (type === 'DELETED') worker?.remove();
    else if (worker) worker.update(pod);
    else begin(pod, uid);
  };
  let cancelRelist = (): void => undefined;
  const relist = (): void => {
    for (const worker of workers.values()) worker.relist();
    cancelRelist = clock.after(relistMilliseconds, relist);
  };
  const workerOf = ({ uid, name }: PodKey): PodWorker => {
    const worker = workers.get(uid);
    if (worker === undefined) throw new ApiError(404, 'NotFound', `pods "${name}" not found`);
    return worker;
  };

  const registered = registerNode(client, clock.now(), options.kubeletPort).catch((fault: unknown) =>
    log.error('node not registered', { fault: String(fault) }),
  );
  const watch = client.follow<Pod>(PODS, { fieldSelector: `spec.nodeName=${NODE_NAME}` }, onChange);
  relist();
  return {
    async *logs(pod, container, logOptions) {
      yield* logsOf(workerOf(pod), around, [pod, container], logOptions);
    },
    exec: async (pod, container, command) => execIn(workerOf(pod), container, command, around.term),
    async stop() {
      watch.stop();
      cancelRelist();
      await registered;
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
      await around.groups.close();
    },
  };
};
