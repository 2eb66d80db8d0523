/** From a change to the function: its queue and its event source mapping as serverless.yml wires them. */
import { join } from 'node:path';
import { FUNCTIONS, type FunctionName } from '../../infra/identities.ts';
import { startPoller } from '../../infra/local/aws/poller.ts';
import { createQueue } from '../../infra/local/aws/queue.ts';
import { readWiring } from '../../infra/local/aws/wiring.ts';
import { systemClock } from '../../shared/io/clock.ts';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import type { Log } from '../../shared/io/ports.ts';
import { type ClusterEvent, EVENT_DETAIL_TYPE, EVENT_SOURCE } from '../../shared/model/event.ts';
import { type Environment, startEnvironment } from './environment.ts';
import type { Figures } from './messages.ts';

export interface EventPathOptions {
  /** Of the function. */
  name: FunctionName;
  /** Path of a module that calls `serveFunction`. */
  program: string;
  access: ClusterAccess;
  /** Megabytes of old space of each process; nine tenths of `memorySize` without it. */
  heap?: number;
  /** Processes; as many as the function may have at once without it. */
  environments?: number;
  latencyMilliseconds: number;
  /** Each event is put into the queue twice. */
  duplicates: boolean;
  onFault: (fault: unknown) => void;
}

/** What the path has carried since the last question. */
export interface Carried {
  /** Events that changes have called for. */
  sent: number;
  /** Messages that an invocation was given; one that comes back counts again. */
  delivered: number;
  /** Messages that the function sent to itself. */
  later: number;
}

export interface EventPath {
  send(event: ClusterEvent): void;
  /** Messages in the queue, due or delayed, those being worked on, and those that are on their way. */
  waiting(): number;
  /** Whether a message is due, on its way or being worked on. */
  isBusy(): boolean;
  take(): Promise<{ carried: Carried; figures: Figures[] }>;
  /** Old space of each process, in megabytes. */
  heap: number;
  stop(): Promise<void>;
}

const SERVERLESS = join(import.meta.dirname, '../../serverless.yml');

/** The function's settings. Its endpoint and secrets travel another way. */
const wiringOf = (functionName: FunctionName) => {
  const parameters = Object.fromEntries(FUNCTIONS.map((name) => [`${name}Token`, 'unused']));
  const cluster = { cluster: 'bench', clusterEndpoint: 'https://bench.invalid', clusterCa: 'unused' };
  const wiring = readWiring({
    file: SERVERLESS,
    stage: 'bench',
    parameters: { ...parameters, ...cluster, pathTokens: 'unused' },
  });
  const own = wiring.functions.find(({ name }) => name === functionName);
  const source = own?.queueSources[0];
  const queue = wiring.queues.find(({ arn }) => arn === source?.queueArn);
  if (!own || !source || !queue) throw new Error(`serverless.yml has no ${functionName} with a queue`);
  return { own, source, queue, region: wiring.region };
};

const envelope = (detail: ClusterEvent): string =>
  JSON.stringify({ source: EVENT_SOURCE, 'detail-type': EVENT_DETAIL_TYPE, detail });

const nothingCarried = (): Carried => ({ sent: 0, delivered: 0, later: 0 });

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const startEnvironments = async (
  count: number,
  start: () => Promise<Environment>,
  undo: AsyncDisposableStack,
): Promise<Environment[]> => {
  const environments: Environment[] = [];
  while (environments.length < count) {
    const environment = await start();
    undo.defer(() => environment.stop());
    environments.push(environment);
  }
  return environments;
};

export const startEventPath = async (options: EventPathOptions): Promise<EventPath> => {
  const { own, source, queue: queueWiring, region } = wiringOf(options.name);
  const count = options.environments ?? source.maximumConcurrency;
  const heap = options.heap ?? Math.floor(own.memoryMegabytes * 0.9);
  await using undo = new AsyncDisposableStack();
  let carried = nothingCarried();
  let underWay = 0;

  const queue = createQueue({
    wiring: queueWiring,
    clock: systemClock,
    deadLetters: ({ body }) => options.onFault(new Error(`a message was received too often: ${body}`)),
  });
  undo.defer(() => queue.close());
  const onLater = (body: string, delaySeconds: number): void => {
    carried.later += 1;
    queue.send(body, { delaySeconds });
  };
  const all = await startEnvironments(
    count,
    () => startEnvironment({ program: options.program, access: options.access, heap, onLater }),
    undo,
  );
  // The one that was used last is used next, as Lambda does: the others stay as small as they are.
  const idle = [...all];
  const poller = startPoller({
    source: { ...source, maximumConcurrency: Math.min(count, source.maximumConcurrency) },
    queue,
    region,
    log: silent,
    async invoke(event) {
      carried.delivered += (event as { Records: unknown[] }).Records.length;
      const environment = idle.pop();
      if (environment === undefined) throw new Error('more invocations than environments');
      try {
        const value = await environment.invoke(event, own.timeoutSeconds * 1000);
        return value === undefined ? { succeeded: false } : { succeeded: true, value };
      } catch (fault) {
        options.onFault(fault);
        return { succeeded: false };
      } finally {
        idle.push(environment);
      }
    },
  });
  undo.defer(() => poller.stop());

  const deliver = (body: string): void => {
    queue.send(body);
    if (options.duplicates) queue.send(body);
  };
  const started = undo.move();
  return {
    heap,
    send(event) {
      carried.sent += 1;
      const body = envelope(event);
      if (options.latencyMilliseconds === 0) return deliver(body);
      underWay += 1;
      systemClock.after(options.latencyMilliseconds, () => {
        underWay -= 1;
        deliver(body);
      });
    },
    waiting: () => underWay + queue.depth(),
    isBusy: () => underWay + queue.due() > 0 || idle.length < all.length,
    async take() {
      const taken = carried;
      carried = nothingCarried();
      return { carried: taken, figures: await Promise.all(all.map((each) => each.takeFigures())) };
    },
    stop: () => started.disposeAsync(),
  };
};
