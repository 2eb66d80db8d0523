/** The demo, with its parts and checks, on a real control plane. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { play } from '../../../cli/demo/play.ts';
import { type RealMachine, startRealMachine } from './machine.ts';

it('the worked example plays on a real API server with the shipped rights, and every check holds', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'real-demo-'));
  const lines: string[] = [];
  let machine: RealMachine | undefined;
  try {
    const { checks } = await play({
      directory,
      start: async (options) => {
        machine = await startRealMachine(options);
        return machine;
      },
      without: [],
      kill: false,
      patience: 60,
      print: (line) => lines.push(line),
      signal: new AbortController().signal,
    });
    const failed = checks.filter(({ ok }) => !ok);
    expect(failed, `${lines.join('\n')}`).toEqual([]);
    expect(checks).toHaveLength(16);
    expect(machine?.refusals).toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}, 300_000);
