/** Lambda: runs handlers in this process, with a true context and a timeout. */
import { randomUUID } from 'node:crypto';
import type { Clock, Log } from '../../../shared/io/ports.ts';
import type { Handler } from './handlers.ts';
import { functionArn, lambdaContext } from './lambdaContext.ts';
import type { FunctionWiring, Wiring } from './wiring/types.ts';

export type Trigger = 'route' | 'queue' | 'schedule';

/** One finished invocation, for whoever watches. */
export interface InvocationRecord {
  function: string;
  requestId: string;
  trigger: Trigger;
  startedAt: Date;
  milliseconds: number;
  outcome: 'succeeded' | 'failed' | 'timed out';
  /** Why it did not succeed. */
  fault?: string;
}

/** What a caller of Lambda gets: the handler's result as JSON brings it over, or that there is none. */
export type InvocationResult = { succeeded: true; value: unknown } | { succeeded: false };

export interface Host {
  /** Whether the function was started. */
  has(name: string): boolean;
  invoke(name: string, event: unknown, trigger: Trigger): Promise<InvocationResult>;
  /** Invocations that have not ended, of one function or of all; one that timed out counts as ended. */
  running(name?: string): number;
  /** As soon as no invocation runs. */
  idle(): Promise<void>;
}

export interface HostOptions {
  wiring: Wiring;
  handlers: Map<string, Handler>;
  clock: Clock;
  log: Log;
  onInvocation?: (record: InvocationRecord) => void;
}

type Ending = Pick<InvocationRecord, 'outcome' | 'fault'> & { value?: unknown };

/** Event and result travel as JSON, as they do to and from Lambda: nothing is shared by reference. */
const overTheWire = (value: unknown): unknown =>
  value === undefined ? null : JSON.parse(JSON.stringify(value));

const describe = (fault: unknown): string =>
  fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);

export const createHost = ({ wiring, handlers, clock, log, onInvocation }: HostOptions): Host => {
  const running: string[] = [];
  const idle: (() => void)[] = [];

  /** The end of the handler or of its time, whichever comes first. In one process a handler can't be killed: one that
   * has timed out may still go on, and what it does then is not taken into account. */
  const run = (own: FunctionWiring, handler: Handler, event: unknown, requestId: string): Promise<Ending> =>
    new Promise((resolve) => {
      const milliseconds = own.timeoutSeconds * 1000;
      const end = clock.now().getTime() + milliseconds;
      const cancel = clock.after(milliseconds, () =>
        resolve({ outcome: 'timed out', fault: `Task timed out after ${own.timeoutSeconds}.00 seconds` }),
      );
      const remaining = () => end - clock.now().getTime();
      const context = lambdaContext(own, functionArn(own, wiring), requestId, remaining);
      Promise.resolve()
        .then(() => handler(overTheWire(event), context))
        .then((result) => ({ outcome: 'succeeded' as const, value: overTheWire(result) }))
        .catch((fault: unknown) => ({ outcome: 'failed' as const, fault: describe(fault) }))
        .then((ending) => {
          cancel();
          resolve(ending);
        });
    });

  const report = (record: InvocationRecord): void => {
    if (record.outcome !== 'succeeded') log.error('an invocation failed', { ...record });
    onInvocation?.(record);
  };

  const ended = (name: string): void => {
    running.splice(running.indexOf(name), 1);
    if (running.length === 0) for (const action of idle.splice(0)) action();
  };

  return {
    has: (name) => handlers.has(name),
    async invoke(name, event, trigger) {
      const own = wiring.functions.find((candidate) => candidate.name === name);
      const handler = handlers.get(name);
      if (!own || !handler) throw new Error(`function ${name} is not started`);
      const requestId = randomUUID();
      const startedAt = clock.now();
      running.push(name);
      const { outcome, fault, value } = await run(own, handler, event, requestId);
      const milliseconds = clock.now().getTime() - startedAt.getTime();
      report({
        function: name,
        requestId,
        trigger,
        startedAt,
        milliseconds,
        outcome,
        ...(fault && { fault }),
      });
      ended(name);
      return outcome === 'succeeded' ? { succeeded: true, value } : { succeeded: false };
    },
    running: (name) => running.filter((candidate) => name === undefined || candidate === name).length,
    idle: () =>
      running.length === 0 ? Promise.resolve() : new Promise((resolve) => void idle.push(resolve)),
  };
};
