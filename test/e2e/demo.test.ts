/** The demo as its user runs it, and the negative controls: each shows that a check can fail, and by which name. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../cli/demo/report.ts';
import { type Ended, endCommands, startCommand } from '../support/command.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/ilogtail');
const JOB_ONLY = ['--sidecarset', join(EXAMPLES, 'sidecarset.yaml'), '--job', join(EXAMPLES, 'job.yaml')];
const LINES = 'the sink holds exactly 100 lines, none twice';

/** Temporary files of the runs go below it, so that what they leave behind is seen. */
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'demo-'));
});
afterAll(async () => {
  endCommands();
  await rm(directory, { recursive: true });
});

const start = (args: string[]) => startCommand(directory, 'demo/main.ts', args);
const run = async (...args: string[]): Promise<Ended> => (await start(args)).ended;

const played = async (...args: string[]): Promise<Ended & Report> => {
  const file = join(await mkdtemp(join(directory, 'report-')), 'report.json');
  const result = await run('--report', file, ...args);
  const report = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Report;
  expect(report.checks, result.output + result.errors).toBeDefined();
  return { ...result, ...report };
};

const failed = ({ checks }: Report): string[] => checks.filter(({ ok }) => !ok).map(({ name }) => name);

const manifest = async (name: string, change: (text: string) => string): Promise<string> => {
  const file = join(await mkdtemp(join(directory, 'manifest-')), name);
  await writeFile(file, change(await readFile(join(EXAMPLES, name), 'utf8')));
  return file;
};

describe('the demo', () => {
  it('plays the worked example, and every check holds', async () => {
    const result = await played();
    expect(failed(result), result.output).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.checks.map(({ name }) => name)).toContain(LINES);
    expect(result.checks).toHaveLength(16);
    expect(result.timeline.map(({ what }) => what)).toContain('SIGTERM by exec');
    expect(result.left).toEqual([]);
  }, 120_000);

  it("plays the user's own files, and creates a Secret that they only name", async () => {
    const result = await played(...JOB_ONLY);
    expect(failed(result), result.output).toEqual([]);
    expect(result.output).toContain('Secret ilogtail-secret was not given: created empty');
    expect(result.checks).toHaveLength(7);
  }, 60_000);
});

describe.concurrent('a broken system is told by the name of a check', () => {
  it('SIGKILL in place of SIGTERM loses lines', async () => {
    const result = await played(...JOB_ONLY, '--kill', '--patience', '12');
    expect(failed(result)).toContain(LINES);
    const { detail = '' } = result.checks.find(({ name }) => name === LINES) ?? {};
    expect(Number.parseInt(detail, 10)).toBeLessThan(100);
    expect(result.exitCode).toBe(1);
  }, 90_000);

  it('without the launch function the main container never starts', async () => {
    const result = await played(...JOB_ONLY, '--without', 'launch', '--patience', '8');
    const order = result.checks.find(({ name }) => name === 'ilogtail runs before nginx starts');
    expect(order).toMatchObject({ ok: false, detail: expect.stringContaining('nginx never started') });
    expect(result.exitCode).toBe(1);
    expect(result.left).toEqual([]);
  }, 60_000);

  it('without the terminate function the Job does not end, and no process is left behind', async () => {
    const result = await played(...JOB_ONLY, '--without', 'terminate', '--patience', '10');
    expect(failed(result)).toContain('ilogtail gets SIGTERM once every main container has ended');
    expect(result.left).toEqual([]);
  }, 60_000);

  it('without observe everything still ends, one resync later', async () => {
    const result = await played(...JOB_ONLY, '--without', 'observe', '--resync', '2');
    expect(failed(result), result.output).toEqual([]);
    expect(result.exitCode).toBe(0);
  }, 90_000);

  it('a sidecar that ignores SIGTERM is named, and killed when the run is over', async () => {
    const stubborn = "trap '' TERM; while true; do sleep 1; done";
    const file = await manifest('sidecarset.yaml', (yaml) =>
      yaml.replace("'/usr/local/ilogtail/ilogtail_control.sh start_and_block 10'", JSON.stringify(stubborn)),
    );
    const result = await played('--sidecarset', file, '--patience', '12');
    const exit = result.checks.find(({ name }) => name === 'ilogtail ends by itself, exit code 0');
    expect(exit).toMatchObject({ ok: false, detail: expect.stringContaining('still running after SIGTERM') });
    expect(result.left).toEqual([]);
  }, 60_000);
});

describe.concurrent('bad input is told in a sentence', () => {
  it.each([
    ['a missing file', () => ['--job', '/nowhere.yaml'], "/nowhere.yaml: can't be read: no such file"],
    [
      'a function that there is not',
      () => ['--without', 'nonsense'],
      'there is no function nonsense to leave out',
    ],
  ])(
    '%s',
    async (_, args, message) => {
      const result = await run(...args());
      expect(result.errors).toContain(message);
      expect(result.errors).not.toContain('    at ');
      expect([result.exitCode, result.left]).toEqual([2, []]);
    },
    30_000,
  );

  it('an unknown image, with the ones that are known', async () => {
    const file = await manifest('job.yaml', (yaml) => yaml.replace('docker-log-test:latest', 'unknown:1'));
    const result = await run('--job', file);
    expect(result.errors).toMatch(
      /container nginx .* can't start: .*unknown:1.*knows only local\/busybox:latest/s,
    );
    expect([result.exitCode, result.left]).toEqual([2, []]);
  }, 60_000);

  it('an interruption, after which nothing is left', async () => {
    const { child, ended, seen } = await start([]);
    await seen(/started edge/);
    child.kill('SIGINT');
    const { exitCode, errors, left } = await ended;
    expect(errors).toContain('interrupted by SIGINT: everything that ran here was stopped and removed');
    expect([exitCode, left]).toEqual([130, []]);
  }, 60_000);
});
