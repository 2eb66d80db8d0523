/** AWS as far as serverless.yml needs it, in this process: bus, queues, scheduler, functions, HTTP API. */
import { once } from '../../../shared/io/once.ts';
import type { Clock, Log } from '../../../shared/io/ports.ts';
import { SetupError } from '../setupError.ts';
import { createEventBus } from './bus.ts';
import { startEndpoint } from './endpoint.ts';
import { startGateway } from './gateway.ts';
import { importHandlers } from './handlers.ts';
import { createHost, type Host, type InvocationRecord } from './host.ts';
import { startPoller } from './poller.ts';
import { createQueues, type Queues } from './queues.ts';
import { startSchedule } from './scheduler.ts';
import { sdkVariables, setVariables } from './variables.ts';
import type { FunctionWiring, Wiring } from './wiring/types.ts';

export interface AwsOptions {
  wiring: Wiring;
  /** PEM, for the gateway. */
  tls: { key: string; cert: string };
  clock: Clock;
  log: Log;
  /** Names of functions that are not started: their queues fill, their routes answer 503. */
  without?: string[];
  /** Milliseconds between the calls of every schedule, in place of its own rate. */
  resyncEvery?: number;
  /** Address on which the gateway listens; 127.0.0.1 without it. */
  host?: string;
  /** Any free port where none is given. */
  ports?: { gateway?: number; endpoint?: number };
  /** The least level that the functions write to stdout: `INFO`, `WARN` or `ERROR`. All by default. */
  logLevel?: string;
  onInvocation?: (record: InvocationRecord) => void;
}

export interface Aws {
  gatewayUrl: string;
  /** Where the AWS SDK talks to; `AWS_ENDPOINT_URL` holds it until `stop`. */
  endpointUrl: string;
  queues: Pick<Queues, 'depth' | 'deadLetters'>;
  /** Whether a function has nothing to do now: no message that is due in its queue, no invocation that runs. */
  isIdle(functionName: string): boolean;
  /** Takes no more work, waits up to 10 s for invocations under way, then closes every connection. */
  stop(): Promise<void>;
}

const STOP_MILLISECONDS = 10_000;

const startedFunctions = ({ functions }: Wiring, without: string[]): FunctionWiring[] => {
  const unknown = without.find((name) => !functions.some((candidate) => candidate.name === name));
  if (unknown !== undefined) {
    const known = functions.map(({ name }) => name).join(', ');
    throw new SetupError(`there is no function ${unknown} to leave out; there are ${known}`);
  }
  return functions.filter(({ name }) => !without.includes(name));
};

/** Event sources and schedules of the started functions; returns what stops them. */
const startTriggers = (
  functions: FunctionWiring[],
  host: Host,
  queues: Queues,
  { wiring, clock, log, resyncEvery }: AwsOptions,
): (() => void)[] =>
  functions.flatMap(({ name, queueSources, schedules }) => [
    ...queueSources.map((source) => {
      const queue = queues.byArn(source.queueArn);
      const invoke = (event: unknown) => host.invoke(name, event, 'queue');
      return startPoller({ source, queue, region: wiring.region, invoke, log }).stop;
    }),
    ...schedules.map((schedule) =>
      startSchedule({
        clock,
        everyMilliseconds: resyncEvery ?? schedule.everyMilliseconds,
        invoke: () => void host.invoke(name, schedule.input, 'schedule'),
      }),
    ),
  ]);

/** Until `end`, or the time is over. */
const atMost = (milliseconds: number, clock: Clock, end: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    void end.then(cancel).then(resolve);
  });

const idle = (name: string, { wiring }: AwsOptions, host: Host, queues: Queues): boolean => {
  const own = wiring.functions.find((candidate) => candidate.name === name);
  if (!own) throw new Error(`there is no function ${name}`);
  return (
    host.running(name) === 0 && own.queueSources.every(({ queueArn }) => queues.byArn(queueArn).due() === 0)
  );
};

/**
 * Starts everything that the wiring names. The functions run in this process, so the AWS SDK is pointed here by the
 * process environment (restored by `stop`): one machine a process at a time. Rejects, with nothing left open, if a port
 * can't be had, a module can't be loaded or a rule's pattern can't be played.
 */
export const startAws = async (options: AwsOptions): Promise<Aws> => {
  const { wiring, clock, log, tls, ports = {}, without = [], onInvocation } = options;
  const functions = startedFunctions(wiring, without);
  const queues = createQueues(wiring, clock);
  const bus = createEventBus({ wiring, queues, clock, log });
  const endpoint = await startEndpoint({ bus, queues, port: ports.endpoint ?? 0 });
  const restore = setVariables({
    ...sdkVariables(endpoint.url, wiring.region),
    ...(options.logLevel && { AWS_LAMBDA_LOG_LEVEL: options.logLevel }),
  });
  try {
    const handlers = await importHandlers(functions, endpoint.url);
    const host = createHost({ wiring, handlers, clock, log, onInvocation });
    const gateway = await startGateway({
      wiring,
      host,
      clock,
      tls,
      address: options.host,
      port: ports.gateway ?? 0,
    });
    const triggers = startTriggers(functions, host, queues, options);
    return {
      gatewayUrl: gateway.url,
      endpointUrl: endpoint.url,
      queues,
      isIdle: (name) => idle(name, options, host, queues),
      stop: once(async () => {
        for (const stopTrigger of triggers) stopTrigger();
        gateway.stopListening();
        await atMost(STOP_MILLISECONDS, clock, host.idle().then(gateway.answered));
        await Promise.all([gateway.close(), endpoint.close()]);
        for (const queue of queues.all) queue.close();
        restore();
      }),
    };
  } catch (fault) {
    restore();
    await endpoint.close();
    throw fault;
  }
};
