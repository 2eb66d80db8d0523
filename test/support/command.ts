/** A command of the CLI, run as its user runs it, with a temporary directory of its own below a given one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';

export interface Ended {
  exitCode: number | null;
  output: string;
  errors: string;
  /** What it left in its temporary directory. */
  left: string[];
}

const CLI = join(import.meta.dirname, '../../cli');

const running = new Set<ChildProcess>();

/** For `afterAll`: a test that failed may have left its command running. */
export const endCommands = (): void => {
  for (const child of running) child.kill();
};

/** @param script below `cli/` */
export const startCommand = async (directory: string, script: string, args: string[]) => {
  const own = await mkdtemp(join(directory, 'run-'));
  const child = spawn(process.execPath, [join(CLI, script), ...args], {
    env: { ...process.env, TMPDIR: own, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const said = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.errors += text;
  });
  const ended = once(child, 'close').then(
    async ([exitCode]): Promise<Ended> => ({ exitCode, ...said, left: await readdir(own) }),
  );
  return {
    child,
    ended,
    /** Until its output matches; the match. */
    seen: (pattern: RegExp): Promise<RegExpExecArray> =>
      vi.waitUntil(() => pattern.exec(said.output), { timeout: 30_000 }),
  };
};
