import { type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Groups } from './groups.ts';

export interface Command {
  words: string[];
  cwd: string;
  env: Record<string, string>;
}

export interface Ending {
  /** 128 + n for a process that was ended by signal n. */
  exitCode: number;
  signal?: number;
}

export interface Child {
  pid: number;
  stdout: Readable | null;
  stderr: Readable | null;
  ended: Promise<Ending>;
}

const endingOf = (code: number | null, name: NodeJS.Signals | null): Ending => {
  if (name === null) return { exitCode: code ?? 0 };
  const signal = constants.signals[name];
  return { exitCode: 128 + signal, signal };
};

/**
 * Starts a process that leads a group of its own; what is left of the group when it ends is killed, as in a container.
 * Rejects when there is no such program.
 */
export const startChild = (
  groups: Groups,
  { words, cwd, env }: Command,
  stdio: StdioOptions,
): Promise<Child> =>
  new Promise((resolve, reject) => {
    const [program = '', ...args] = words;
    const child = spawn(program, args, { cwd, env, stdio, detached: true });
    const { pid } = child;
    child.once('error', reject);
    if (pid === undefined) return;
    groups.add(pid);
    const ended = new Promise<Ending>((end) => {
      child.once('exit', (code, signal) => {
        groups.finish(pid);
        end(endingOf(code, signal));
      });
    });
    child.once('spawn', () => resolve({ pid, stdout: child.stdout, stderr: child.stderr, ended }));
  });
