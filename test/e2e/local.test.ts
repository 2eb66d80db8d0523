/** `npm run local` as its user runs it, with the real kubectl. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { endCommands, startCommand } from '../support/command.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/ilogtail');
const example = (name: string): string[] => ['-f', join(EXAMPLES, name)];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-'));
});
afterAll(async () => {
  endCommands();
  await rm(directory, { recursive: true });
});

const kubectlWith =
  (config: string) =>
  async (...args: string[]): Promise<string> => {
    const env = { PATH: process.env['PATH'], HOME: directory, KUBECONFIG: config };
    const { stdout } = await promisify(execFile)('kubectl', args, { env });
    return stdout.trim();
  };

it('serves the example to kubectl until Ctrl-C, and leaves nothing behind', async () => {
  const { child, ended, seen } = await startCommand(directory, 'local.ts', []);
  const [, config = ''] = await seen(/KUBECONFIG=(\S+).*Ctrl-C/s);
  const kubectl = kubectlWith(config);

  await kubectl('apply', ...example('secret.yaml'), ...example('sidecarset.yaml'));
  await kubectl('apply', ...example('job.yaml'));
  await vi.waitFor(
    async () => expect(await kubectl('get', 'jobs', '--no-headers')).toMatch(/^nginx-mock +Complete +1\/1/),
    { timeout: 40_000, interval: 500 },
  );
  expect(await kubectl('logs', '-l', 'job-name=nginx-mock', '-c', 'ilogtail')).toContain('100 lines shipped');
  await vi.waitFor(
    async () =>
      expect(await kubectl('get', 'sidecarset')).toMatch(
        /^NAME +MATCHED +UPDATED +READY +AGE\nilogtail-sidecarset +0 +0 +0 /,
      ),
    { timeout: 10_000, interval: 500 },
  );
  const asGiven = ['get', 'sidecarsets.v1alpha1.apps.kruise.io', 'ilogtail-sidecarset'];
  expect(await kubectl(...asGiven, '-o', 'jsonpath={.spec.namespace}')).toBe('default');
  await expect(
    kubectl('patch', 'sidecarset', 'ilogtail-sidecarset', '--type=merge', '-p', '{"spec":{"selector":null}}'),
  ).rejects.toThrow('spec.selector: Required value');

  child.kill('SIGINT');
  const { exitCode, left } = await ended;
  expect([exitCode, left]).toEqual([130, []]);
}, 90_000);

it('names a port that is in use', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
  });
  const { ended } = await startCommand(directory, 'local.ts', ['--port', String(port)]);
  const { exitCode, errors, left } = await ended;
  other.close();
  expect(errors).toContain(`port ${port} is in use`);
  expect([exitCode, left]).toEqual([2, []]);
}, 30_000);

it('takes an address of the functions only for a cluster that runs anyway', async () => {
  const { ended } = await startCommand(directory, 'local.ts', ['--host', '127.0.0.1']);
  const { exitCode, errors, left } = await ended;
  expect(errors).toContain('--host: only with --kubeconfig');
  expect([exitCode, left]).toEqual([2, []]);
}, 30_000);
