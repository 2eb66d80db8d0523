import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startChild } from '../../../../../../infra/local/cluster/node/processes/child.ts';
import {
  Groups,
  killAllNow,
  killGroup,
} from '../../../../../../infra/local/cluster/node/processes/groups.ts';
import { isAlive } from '../bench.ts';

const STUBBORN = ['/bin/sh', '-c', "trap '' TERM; while :; do sleep 0.1; done"];
const stubborn = { words: STUBBORN, cwd: '/', env: { PATH: '/usr/bin:/bin' } };

it('what a node started ends when its process is killed', async () => {
  const parent = spawn(process.execPath, [join(import.meta.dirname, 'orphan.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000 });
});

it('killAllNow ends everything at once', async () => {
  const groups = new Groups();
  const children = await Promise.all([
    startChild(groups, stubborn, 'ignore'),
    startChild(groups, stubborn, 'ignore'),
  ]);
  killAllNow();
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([
    { exitCode: 137, signal: 9 },
    { exitCode: 137, signal: 9 },
  ]);
  await groups.close();
});

it.each([0, 1, -5, Number.NaN])('%d is never taken for a process group', (leader) => {
  expect(() => killGroup(leader)).toThrow('not a process group of ours');
});
