/** The real API core and controllers with a node that only says what its containers do. */
import { createApiServer } from '../../../../../infra/local/cluster/api/server.ts';
import type { WebhookCaller } from '../../../../../infra/local/cluster/api/types.ts';
import { createLocalClient, type LocalClient } from '../../../../../infra/local/cluster/client.ts';
import { startControllers } from '../../../../../infra/local/cluster/controllers/controllers.ts';
import type { KubernetesObject, Pod, PodStatus } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { type FakeClock, type FakeLog, fakeClock, fakeLog } from './objects.ts';

const ADMIN = { username: 'admin', groups: ['system:masters'] };

export interface World {
  client: LocalClient;
  clock: FakeClock;
  log: FakeLog;
  /** Applies a manifest of any kind to its collection. */
  create<T extends KubernetesObject>(path: string, object: unknown): Promise<T>;
  /** What the node says about a Pod. */
  say(pod: Pod, status: PodStatus): Promise<void>;
  /** The node is done with a Pod that is being deleted. */
  letGo(pod: Pod): Promise<void>;
  /** Lets work go on and time pass until the check holds; throws its last complaint after a while. */
  until<T>(check: () => Promise<T> | T): Promise<T>;
  stop(): Promise<void>;
}

interface Options {
  callWebhook?: WebhookCaller;
  /** Pods get ready by themselves once they are assigned. */
  runs?: boolean;
  /** Deleted Pods stay until `letGo`; without it they go at once. */
  lingers?: boolean;
}

/** Brings every assigned Pod to readiness if it `runs`; lets deleted Pods go unless it `lingers`. */
const startNode = ({
  client,
  clock,
  say,
  letGo,
  runs,
  lingers,
}: {
  client: LocalClient;
  clock: FakeClock;
  say: World['say'];
  letGo: World['letGo'];
  runs: boolean;
  lingers: boolean;
}) =>
  client.follow<Pod>(PODS, {}, (change, pod) => {
    if (change === 'DELETED' || !pod.spec.nodeName) return;
    if (pod.metadata.deletionTimestamp) {
      if (!lingers) void letGo(pod);
    } else if (runs && pod.status?.phase === 'Pending') {
      const ready = { type: 'Ready', status: 'True' as const, lastTransitionTime: wholeSeconds(clock.now()) };
      void say(pod, { phase: 'Running', conditions: [ready] });
    }
  });

export const createWorld = async ({
  callWebhook,
  runs = false,
  lingers = false,
}: Options = {}): Promise<World> => {
  const clock = fakeClock();
  const log = fakeLog();
  const api = createApiServer({ clock, callWebhook });
  const client = createLocalClient(api, ADMIN);

  const create: World['create'] = async <T>(path: string, body: unknown) => {
    const answer = await api.handle({ method: 'POST', path, body, user: ADMIN });
    if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
    return answer.body as T;
  };
  const letGo: World['letGo'] = async ({ metadata }) => {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    const body = { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } };
    await api.handle({ method: 'DELETE', path, body, user: ADMIN });
  };
  const say: World['say'] = async ({ metadata }, status) => {
    await client.patch(PODS, metadata, { status }, { type: 'merge', subresource: 'status' });
  };
  const until: World['until'] = async (check) => {
    let complaint: unknown;
    for (let round = 0; round < 400; round += 1) {
      await new Promise(setImmediate);
      try {
        return await check();
      } catch (fault) {
        complaint = fault;
      }
      clock.pass(50);
    }
    throw complaint;
  };

  const node = startNode({ client, clock, say, letGo, runs, lingers });
  const controllers = startControllers({ client, clock, log });
  return {
    client,
    clock,
    log,
    create,
    say,
    letGo,
    until,
    async stop() {
      node.stop();
      await controllers.stop();
    },
  };
};
