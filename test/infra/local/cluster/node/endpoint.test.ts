import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { SIDECARS } from '../../../../support/sidecarImages.ts';
import { type Bench, SIDECAR, script, startBench } from './bench.ts';

let bench: Bench;
let pod: Pod;
const keyOf = ({ metadata }: Pod) => ({ namespace: 'default', name: metadata.name, uid: metadata.uid ?? '' });

beforeAll(async () => {
  bench = await startBench();
  pod = await bench.run({
    containers: [
      script('side', SIDECAR, {
        volumeMounts: [{ name: 'd', mountPath: '/d' }],
        env: [{ name: 'X', value: '1' }],
      }),
      script('over', 'for n in 1 2 3; do echo line $n; done'),
    ],
    volumes: [{ name: 'd', emptyDir: {} }],
  });
  await bench.up(pod, 'side');
});
afterAll(() => bench.close());

const exec = (...command: string[]) => bench.node.exec(keyOf(pod), 'side', command);

it('a command runs with the paths and the variables of the container', async () => {
  expect(await exec('/bin/sh', '-c', 'echo $X >/d/x; cat /d/x; echo oops >&2; exit 3')).toEqual({
    exitCode: 3,
    stdout: '1\n',
    stderr: 'oops\n',
  });
});

it.each([
  ['/no/such/program', 'exec: "/no/such/program": stat /no/such/program: no such file or directory'],
  ['no-such-program', 'exec: "no-such-program": executable file not found in $PATH'],
])('a program that is not there, %s, is an error of the container runtime', async (program, complaint) => {
  await expect(exec(program)).rejects.toMatchObject({
    code: 500,
    reason: 'InternalError',
    message: expect.stringMatching(/^Internal error occurred: error executing command in container: /),
  });
  await expect(exec(program)).rejects.toThrow(`unable to start container process: ${complaint}: unknown`);
});

it.each([
  [['sh', '-c', 'kill -TERM 1'], 'exec: "sh": executable file not found in $PATH'],
  [['/bin/sh', '-c', 'kill -TERM 1'], 'exec: "/bin/sh": stat /bin/sh: no such file or directory'],
  [['kill', '-TERM', '1'], 'exec: "kill": executable file not found in $PATH'],
])('%j is no command where there is no shell', async (command, complaint) => {
  const bare = await bench.run({ containers: [{ name: 'bare', image: SIDECARS.noShell }] });
  await bench.up(bare, 'bare');
  await expect(bench.exec(bare, 'bare', ...command)).rejects.toThrow(complaint);
  expect(bench.factsOf(bare, 'signalled')).toEqual([]);
});

it('a kill that the node does not deliver itself is refused and not run', async () => {
  // No process has this number: were it run all the same, it would reach nobody.
  const refused = await exec('/bin/sh', '-c', 'touch /d/ran; kill -TERM 999999999');
  expect(refused).toMatchObject({ exitCode: 126, stderr: expect.stringContaining('no PID namespace') });
  expect((await exec('ls', '/d')).stdout).not.toContain('ran');
});

it('there is no exec in a container that has ended', async () => {
  await bench.until(pod, ({ containerStatuses = [] }) => containerStatuses[1]?.state?.terminated);
  await expect(bench.node.exec(keyOf(pod), 'over', ['true'])).rejects.toMatchObject({ code: 404 });
});

const read = async (of: Pod, container: string, options: { tailLines?: number; previous?: boolean }) => {
  let text = '';
  const all = { follow: false, previous: false, ...options };
  for await (const piece of bench.node.logs(keyOf(of), container, all)) text += piece;
  return text;
};

it.each([
  [undefined, 'line 1\nline 2\nline 3\n'],
  [0, ''],
  [1, 'line 3\n'],
  [2, 'line 2\nline 3\n'],
  [3, 'line 1\nline 2\nline 3\n'],
  [9, 'line 1\nline 2\nline 3\n'],
])('the last %s lines of a log', async (tailLines, expected) => {
  await bench.until(pod, ({ containerStatuses = [] }) => containerStatuses[1]?.state?.terminated);
  expect(await read(pod, 'over', { tailLines })).toBe(expected);
});

it.each([
  ['a container that has no run before', 'over', { previous: true }, 400],
  ['a container that is not there', 'none', {}, 400],
])('the log of %s is refused', async (_, container, options, code) => {
  await expect(read(pod, container, options)).rejects.toMatchObject({ code });
});

it('the log of a Pod that is not here is refused', async () => {
  const other = { ...pod, metadata: { ...pod.metadata, uid: 'other' } };
  await expect(read(other, 'over', {})).rejects.toMatchObject({ code: 404 });
});

it('a reader who leaves ends following', async () => {
  const leaving = new AbortController();
  const pieces: string[] = [];
  const options = { follow: true, previous: false, signal: leaving.signal };
  for await (const piece of bench.node.logs(keyOf(pod), 'side', options)) {
    pieces.push(piece);
    leaving.abort();
  }
  expect(pieces).toEqual(['up\n']);
});

it('SIGTERM by exec reaches the first process, and only that', async () => {
  expect(await exec('/bin/sh', '-c', 'kill -TERM 1')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  const [signalled] = bench.facts.filter(({ what }) => what === 'signalled');
  expect(signalled?.detail).toBe('SIGTERM by exec');
});

it('SIGKILL by exec does nothing, as in a PID namespace', async () => {
  const tough = await bench.run({ containers: [script('a', SIDECAR)] });
  await bench.up(tough, 'a');
  expect(await bench.node.exec(keyOf(tough), 'a', ['kill', '-KILL', '1'])).toMatchObject({ exitCode: 0 });
  expect(await bench.node.exec(keyOf(tough), 'a', ['echo', 'alive'])).toMatchObject({ stdout: 'alive\n' });
});
