import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExitImage } from '../../cli/exitImage.ts';
import { UserFacingError } from '../../cli/failure.ts';
import { type Index, openArchive } from '../infra/exit-image/opened.ts';
import { type Ended, endCommands, startCommand } from '../support/command.ts';

const ENV = 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE';

const sidecarSet = (image: string, command = '/bin/sh'): string => `
apiVersion: apps.kruise.io/v1alpha1
kind: SidecarSet
metadata: {name: agent}
spec:
  containers:
    - name: agent
      image: agent:1
      command: [${command}, -c, sleep 1000]
      env: [{name: ${ENV}, value: "${image}"}]
`;

let directory: string;
const file = (name: string): string => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exit-image-'));
  await mkdir(file('folder'));
  const secret = '---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n';
  await writeFile(file('one.yaml'), sidecarSet('exit:1') + secret);
  await writeFile(file('two.yaml'), sidecarSet('registry.example.com/exit:2', '/opt/agent'));
  await writeFile(file('secret.yaml'), secret);
  await writeFile(file('broken.yaml'), 'a: [1\nb: 2\n');
  await writeFile(file('faulty.yaml'), `${sidecarSet('exit:1', '/proc/1/exe')}---${sidecarSet('Exit')}`);
  await writeFile(file('pinned.yaml'), sidecarSet(`exit@sha256:${'0'.repeat(64)}`));
});
afterAll(async () => {
  endCommands();
  await rm(directory, { recursive: true });
});

/** As the command does it. */
const built = async (name: string, options: { filename: string[]; name?: string }) => {
  const said: string[] = [];
  const output = file(name);
  await buildExitImage({ output, ...options }, (line) => said.push(line));
  return { ...(await openArchive(await readFile(output))), output: said.join('\n') };
};

const namesOf = ({ index }: { index: Index }) =>
  index.manifests.map(({ annotations }) => annotations?.['io.containerd.image.name']);

describe.concurrent('sidecarset exit-image', () => {
  const run = async (...args: string[]): Promise<Ended> =>
    (await startCommand(directory, 'sidecarset.mjs', ['exit-image', ...args])).ended;

  it('builds an image for both platforms, and says what and where to', async () => {
    const { output, errors, exitCode } = await run('-f', file('one.yaml'), '-o', file('said.tar'));
    const data = await readFile(file('said.tar'));
    const { index } = await openArchive(data);
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output.replaceAll(directory, '')).toBe(`/said.tar  ${data.length} bytes
  digest     ${index.manifests[0]?.digest}
  platforms  linux/amd64, linux/arm64
  names      docker.io/library/exit:1
  programs   /bin/sh, /exit

To a registry:
  skopeo copy --all --preserve-digests oci-archive:/said.tar:docker.io/library/exit:1 docker://docker.io/library/exit:1
  or: mkdir exit-image && tar -xf /said.tar -C exit-image && crane push exit-image docker.io/library/exit:1
To a node with containerd:
  ctr -n k8s.io images import /said.tar
`);
  }, 60_000);

  it('names every fault of every file, and then writes nothing', async () => {
    const { errors, exitCode } = await run(
      '-f',
      file('faulty.yaml'),
      '-f',
      file('one.yaml'),
      '-o',
      file('faulty.tar'),
    );
    expect(errors.replaceAll(directory, '')).toBe(`error: \
/faulty.yaml: SidecarSet agent: spec.containers[0].command[0]: container agent: /proc/1/exe: no image can hold a program in /proc
       /faulty.yaml: SidecarSet agent: spec.containers[0].env[0].value: "Exit" is not the name of an image
`);
    expect(exitCode).toBe(2);
    expect(await readdir(directory)).not.toContain('faulty.tar');
  }, 60_000);

  it('wants a file', async () => {
    const { errors, exitCode } = await run();
    expect(errors).toContain("required option '-f, --filename <file>' not specified");
    expect(exitCode).not.toBe(0);
  }, 60_000);
});

describe('the archive that is written', () => {
  it('has the same bytes again', async () => {
    const filename = [file('one.yaml'), file('two.yaml')];
    await Promise.all(['first.tar', 'second.tar'].map((output) => built(output, { filename })));
    const [first, second] = await Promise.all(
      ['first.tar', 'second.tar'].map((name) => readFile(file(name))),
    );
    expect(first?.equals(second ?? Buffer.of())).toBe(true);
  });

  it('is for all files, and has all their names', async () => {
    const both = await built('both.tar', { filename: [file('one.yaml'), file('two.yaml')] });
    expect(namesOf(both)).toEqual(['docker.io/library/exit:1', 'registry.example.com/exit:2']);
    expect([...(both.platforms[1]?.files.keys() ?? [])]).toEqual([
      'bin/',
      'bin/sh',
      'exit',
      'opt/',
      'opt/agent',
    ]);
    expect(both.output).not.toContain('crane');
  });

  it('has the name that was given in place of those in the files', async () => {
    const options = { filename: [file('pinned.yaml')], name: 'localhost:5000/exit' };
    expect(namesOf(await built('named.tar', options))).toEqual(['localhost:5000/exit:latest']);
  });

  it('may be named by its digest', async () => {
    const { index } = await built('digest.tar', { filename: [file('one.yaml')] });
    const digest = index.manifests[0]?.digest;
    await writeFile(file('kept.yaml'), sidecarSet(`exit:1@${digest}`));
    const kept = await built('kept.tar', { filename: [file('kept.yaml')] });
    expect(namesOf(kept)).toEqual([`docker.io/library/exit@${digest}`]);
  });

  it.runIf(process.platform === 'linux')('holds programs that run on this machine and exit 0', async () => {
    const { platforms } = await built('run.tar', { filename: [file('one.yaml')] });
    const own = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
    const { files } = platforms.find(({ config }) => config.architecture === own) ?? {};
    await writeFile(file('sh'), files?.get('bin/sh') ?? '', { mode: 0o555 });
    const [exitCode] = await once(spawn(file('sh'), ['-c', 'exit 1']), 'close');
    expect(exitCode).toBe(0);
  });
});

it.each<[string, { filename?: string; output?: string; name?: string }, string]>([
  ['a file that is not there', { filename: 'no.yaml' }, "/no.yaml: can't be read: no such file"],
  ['a file that is no YAML', { filename: 'broken.yaml' }, '/broken.yaml: not readable as YAML'],
  [
    'files without such a sidecar',
    { filename: 'secret.yaml' },
    `/secret.yaml: Secret s: no container has a literal ${ENV}`,
  ],
  [
    'a digest that the image has not',
    { filename: 'pinned.yaml' },
    `docker.io/library/exit@sha256:${'0'.repeat(64)}: the image for these files is sha256:`,
  ],
  ['a name that is none', { name: 'A:B' }, '--name: "A:B" is not the name of an image'],
  ['an output in no directory', { output: 'no/x.tar' }, "/no/x.tar: can't be written: no such directory"],
  ['an output that is a directory', { output: 'folder' }, "/folder: can't be written: EISDIR"],
])('%s is refused in a sentence', async (_, {
  filename = 'one.yaml',
  output = 'refused.tar',
  name,
}, message) => {
  const options = { filename: [file(filename)], output: file(output), name };
  const refusal = await buildExitImage(options, () => undefined).then(String, (fault: unknown) => fault);
  expect(refusal).toBeInstanceOf(UserFacingError);
  expect(String(refusal)).toContain(message);
});
