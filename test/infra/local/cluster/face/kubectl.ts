/** The real kubectl, pointed at a face. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { kubeconfig } from '../../../../../infra/local/kubeconfig.ts';
import { type TestFace, TOKEN } from './face.ts';

export interface Running {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  code: Promise<number | null>;
}

export interface Kubectl {
  start(args: string[]): Running;
  /** What kubectl prints; rejects unless it exits with `exitCode`, and if it warns. */
  run(args: string[], options?: { input?: object; exitCode?: number }): Promise<string>;
  /** Removes its home directory. */
  remove(): Promise<void>;
}

const startIn = (home: string, args: string[]): Running => {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: join(home, 'config') };
  const child = spawn('kubectl', args, { env });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', (cause) =>
      reject(new Error(`kubectl is needed on the PATH for these tests: ${cause.message}`, { cause })),
    );
  });
  return { child, output, code };
};

export const createKubectl = async (face: TestFace): Promise<Kubectl> => {
  const home = await mkdtemp(join(tmpdir(), 'kubectl-test-'));
  const config = kubeconfig({ url: face.url, ca: face.ca, credentials: { token: TOKEN }, name: 'test' });
  await writeFile(join(home, 'config'), config, { mode: 0o600 });
  const start = (args: string[]) => startIn(home, args);
  return {
    start,
    async run(args, { input, exitCode = 0 } = {}) {
      const { child, output, code } = start(args);
      child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
      expect({ code: await code, output }).toMatchObject({ code: exitCode });
      if (exitCode === 0) expect(output.stderr).toBe('');
      return exitCode === 0 ? output.stdout.trim() : output.stderr.trim();
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
};
