/** A process of the benchmark's own: it is asked and answers, and it tells. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Asked {
  id: number;
  ask: unknown;
}

type Said = { tell: unknown } | { id: number; answer?: unknown; fault?: string };

export interface Child<Ask> {
  /** Rejects with what the process says is wrong, or when it ends. */
  ask<Answer>(ask: Ask): Promise<Answer>;
  /** Waits until the process has cleaned up and ended. */
  stop(): Promise<void>;
}

export interface ChildOptions<Tell> {
  /** Beside this file. */
  program: string;
  onTell?: (tell: Tell) => void;
  /** A line of its stdout. */
  onLine?: (line: string) => void;
  onFault: (fault: Error) => void;
}

interface Caller {
  resolve: (answer: never) => void;
  reject: (fault: Error) => void;
}

export const startChild = <Ask, Tell = never>(options: ChildOptions<Tell>): Child<Ask> => {
  const { program, onTell, onLine, onFault } = options;
  const child = fork(join(import.meta.dirname, program), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const callers = new Map<number, Caller>();
  let ids = 0;
  let stopping = false;
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  });
  child.on('message', (said: Said) => {
    if ('tell' in said) return onTell?.(said.tell as Tell);
    const caller = callers.get(said.id);
    callers.delete(said.id);
    if (said.fault !== undefined) return caller?.reject(new Error(`${program}: ${said.fault}`));
    return caller?.resolve(said.answer as never);
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    const fault = new Error(`${program} ended by ${signal ?? `exit code ${code}`}`);
    for (const { reject } of callers.values()) reject(fault);
    callers.clear();
    if (!stopping) onFault(fault);
  });
  return {
    ask: (ask) =>
      new Promise((resolve, reject) => {
        ids += 1;
        callers.set(ids, { resolve, reject });
        child.send({ id: ids, ask } satisfies Asked, (fault) => fault && reject(fault));
      }),
    async stop() {
      stopping = true;
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};

/** The other side: answers what is asked until the parent lets go, then cleans up and ends. */
export const answerParent = <Ask>(
  answer: (ask: Ask) => Promise<unknown>,
  stop: () => Promise<void>,
): void => {
  const say = (said: Said): void => void (process.connected && process.send?.(said));
  process.on('message', ({ id, ask }: Asked) => {
    answer(ask as Ask).then(
      (value) => say({ id, answer: value }),
      (fault: unknown) =>
        say({ id, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) }),
    );
  });
  // Ctrl-C reaches the whole group; who started this process ends it.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => {
    stop().finally(() => process.exit());
  });
};

export const tellParent = <Tell>(tell: Tell): void => {
  if (process.connected) process.send?.({ tell });
};
