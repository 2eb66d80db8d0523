/** An execution environment of the function: a process that does one invocation at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import type { Figures, FromFunction, ToFunction } from './messages.ts';

export interface Environment {
  /** The handler's result; `undefined` if it failed. Rejects if the process ends. */
  invoke(event: unknown, timeoutMilliseconds: number): Promise<unknown>;
  /** Since the last call. */
  takeFigures(): Promise<Figures>;
  stop(): Promise<void>;
}

export interface EnvironmentOptions {
  /** Path of a module that calls `serveFunction`. */
  program: string;
  access: ClusterAccess;
  /** Megabytes. */
  heap: number;
  onLater: (body: string, delaySeconds: number) => void;
}

type Answer = Exclude<FromFunction, { kind: 'later' }>;
interface Caller {
  resolve: (answer: Answer) => void;
  reject: (fault: Error) => void;
}

/** Who waits for which answer of the process: by id, `ready` by 0. */
const createCalls = (child: ChildProcess, onLater: EnvironmentOptions['onLater']) => {
  const callers = new Map<number, Caller>();
  let ids = 0;
  let over: Error | undefined;
  child.on('message', (message: FromFunction) => {
    if (message.kind === 'later') return onLater(message.body, message.delaySeconds);
    const id = message.kind === 'ready' ? 0 : message.id;
    callers.get(id)?.resolve(message);
    return callers.delete(id);
  });
  child.once('exit', (code, signal) => {
    over = new Error(`a process of the function ended by ${signal ?? `exit code ${code}`} (out of memory?)`);
    for (const { reject } of callers.values()) reject(over);
    callers.clear();
  });
  const call = (id: number, message: ToFunction): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (over) return reject(over);
      callers.set(id, { resolve, reject });
      return child.send(message, (fault) => fault && reject(over ?? fault));
    });
  return { call, nextId: () => ++ids };
};

export const startEnvironment = async ({
  program,
  access,
  heap,
  onLater,
}: EnvironmentOptions): Promise<Environment> => {
  const child = fork(program, { execArgv: [`--max-old-space-size=${heap}`] });
  const ended = once(child, 'exit');
  const { call, nextId } = createCalls(child, onLater);
  const environment: Environment = {
    async invoke(event, timeoutMilliseconds) {
      const id = nextId();
      const answer = await call(id, { kind: 'invoke', id, event, timeoutMilliseconds });
      return answer.kind === 'invoked' ? answer.value : undefined;
    },
    async takeFigures() {
      const id = nextId();
      const answer = await call(id, { kind: 'figures', id });
      if (answer.kind !== 'figures') throw new Error(`expected figures, not ${answer.kind}`);
      return answer.figures;
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  await call(0, { kind: 'start', access }).catch(async (fault: unknown) => {
    await environment.stop();
    throw fault;
  });
  return environment;
};
