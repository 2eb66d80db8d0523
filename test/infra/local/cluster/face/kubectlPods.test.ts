/** `kubectl exec` and `kubectl logs`, with a node that answers at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, type KubeletEndpoint } from '../../../../../infra/local/cluster/api/types.ts';
import { PODS, pod, startTestFace, type TestFace } from './face.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';

const kubelet: KubeletEndpoint = {
  async *logs({ name }, container, { previous, tailLines = 3, follow }) {
    if (previous && container === 'main')
      throw new ApiError(
        400,
        'BadRequest',
        `previous terminated container "${container}" in pod "${name}" not found`,
      );
    const lines = [`${name}\n`, `${container}\n`, `${previous ? 'previous' : 'current'}\n`];
    yield* lines.slice(lines.length - tailLines);
    if (follow) yield 'and on\n';
  },
  async exec({ name }, container, [program, ...args]) {
    if (program === 'missing') throw new ApiError(500, 'InternalError', 'missing: no such program');
    const exitCode = program === 'fail' ? 3 : 0;
    return {
      exitCode,
      stdout: `${name}/${container}: ${args.join(' ')}\n`,
      stderr: program === 'fail' ? 'no!\n' : '',
    };
  },
};

let face: TestFace;
let client: Kubectl;

beforeAll(async () => {
  face = await startTestFace({ kubelet });
  client = await createKubectl(face);
  await face.write('POST', PODS, pod('one'));
  await face.write('POST', PODS, pod('two', ['main', 'side']));
});

afterAll(async () => {
  await face.close();
  await client.remove();
});

/** What kubectl prints and exits with, whatever it is. */
const kubectl = async (...args: string[]) => {
  const { child, output, code } = client.start(args);
  child.stdin?.end();
  return { code: await code, ...output };
};

describe.concurrent('kubectl exec', () => {
  it('prints what the command prints and exits as it does', async () => {
    expect(await kubectl('exec', 'one', '--', 'say', 'a b', 'c')).toEqual({
      code: 0,
      stdout: 'one/main: a b c\n',
      stderr: '',
    });
  });

  it('keeps the two outputs apart and names the exit code of a command that fails', async () => {
    expect(await kubectl('exec', 'one', '--', 'fail')).toEqual({
      code: 3,
      stdout: 'one/main: \n',
      stderr: 'no!\ncommand terminated with exit code 3\n',
    });
  });

  it('runs in the container that is named, else in the first, which it says', async () => {
    expect((await kubectl('exec', 'two', '-c', 'side', '--', 'say')).stdout).toBe('two/side: \n');
    expect(await kubectl('exec', 'two', '--', 'say')).toEqual({
      code: 0,
      stdout: 'two/main: \n',
      stderr: 'Defaulted container "main" out of: main, side\n',
    });
  });

  it.each<[string, string[], string]>([
    [
      'in a container that is not there',
      ['one', '-c', 'none', '--', 'say'],
      'container none is not valid for pod one',
    ],
    ['in a pod that is not there', ['none', '--', 'say'], 'pods "none" not found'],
    ['of a program that is not there', ['one', '--', 'missing'], 'missing: no such program'],
    [
      'with standard input',
      ['-i', 'one', '--', 'say'],
      'exec with stdin is not supported by the embedded API server',
    ],
  ])('%s fails and says why', async (_name, args, message) => {
    const { code, stdout, stderr } = await kubectl('exec', ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});

describe.concurrent('kubectl logs', () => {
  it.each<[string, string[], string]>([
    ['everything', ['one'], 'one\nmain\ncurrent\n'],
    ['the container that is named', ['two', '-c', 'side'], 'two\nside\ncurrent\n'],
    ['the last lines', ['one', '--tail=1'], 'current\n'],
    ['what the run before wrote', ['two', '-c', 'side', '--previous'], 'two\nside\nprevious\n'],
    ['what is still to come', ['one', '-f', '--tail=0'], 'and on\n'],
  ])('shows %s', async (_name, args, stdout) => {
    expect(await kubectl('logs', ...args)).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('takes the first container of several and says so', async () => {
    expect(await kubectl('logs', 'two')).toEqual({
      code: 0,
      stdout: 'two\nmain\ncurrent\n',
      stderr: 'Defaulted container "main" out of: main, side\n',
    });
  });

  it.each<[string, string[], string]>([
    ['of a container that is not there', ['one', '-c', 'none'], 'container none is not valid for pod one'],
    [
      'of a run that was not',
      ['one', '--previous'],
      'previous terminated container "main" in pod "one" not found',
    ],
    ['with timestamps', ['one', '--timestamps'], 'log option timestamps is not supported'],
    ['since a while', ['one', '--since=1m'], 'log option sinceSeconds is not supported'],
    ['since a time', ['one', '--since-time=2026-01-02T03:04:05Z'], 'log option sinceTime is not supported'],
    ['up to some bytes', ['one', '--limit-bytes=5'], 'log option limitBytes is not supported'],
  ])('%s fails and says why', async (_name, args, message) => {
    const { code, stdout, stderr } = await kubectl('logs', ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});
