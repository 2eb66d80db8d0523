/** Programs that run beside the tests, each with its output in a file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Program {
  pid: number;
  /** Resolves once `isReady` does with true; rejects with the program's last words if it ends before or is too slow. */
  until(isReady: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_MILLISECONDS = 50;
const PATIENCE_MILLISECONDS = 120_000;
/** Time to end after SIGTERM before SIGKILL. */
const GRACE_MILLISECONDS = 5_000;
const LAST_WORDS = 20;

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** @param given flags by name, or the arguments as they are */
export const startProgram = async (
  path: string,
  given: Record<string, string> | string[],
  log: string,
): Promise<Program> => {
  const args = Array.isArray(given)
    ? given
    : Object.entries(given).map(([name, value]) => `--${name}=${value}`);
  const output = await open(log, 'w');
  const child = spawn(path, args, { stdio: ['ignore', output.fd, output.fd] });
  const ended = once(child, 'exit');
  await once(child, 'spawn').finally(() => output.close());
  const lastWords = async () =>
    (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-LAST_WORDS).join('\n');
  return {
    pid: child.pid ?? 0,
    async until(isReady) {
      const deadline = Date.now() + PATIENCE_MILLISECONDS;
      while (!(await isReady().catch(() => false))) {
        if (isOver(child)) throw new Error(`${path} ended:\n${await lastWords()}`);
        if (Date.now() > deadline) throw new Error(`${path} is not ready:\n${await lastWords()}`);
        await pause(LOOK_MILLISECONDS);
      }
    },
    async stop() {
      if (isOver(child)) return;
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), GRACE_MILLISECONDS);
      await ended;
      clearTimeout(patience);
    },
  };
};

/** Ports that are free now; somebody else may take one before it is used. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
};
