/** Our functions and a real node: kubelet, containerd and runc beside the real control plane. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExitImage } from '../../cli/exitImage.ts';
import { endingCases } from './cases/ends.ts';
import { exampleCases } from './cases/example.ts';
import { nativeCases } from './cases/native.ts';
import { HANDLERLESS, jobOf, main, SCRIPTS, shell, side, TERMINATE, WITH_IMAGE } from './cases/objects.ts';
import { lateCases, startCases } from './cases/starts.ts';
import { timeCases } from './cases/times.ts';
import { upgradeCases } from './cases/upgrade.ts';
import { leftBehind, lookForTraces, type Traces } from './rig/leftovers.ts';
import { requireMachine } from './rig/requirements.ts';
import { type Served, startServed } from './rig/served.ts';

let before: Traces;
let node: Served | undefined;

const served = (): Served => {
  if (node === undefined) throw new Error('there is no node');
  return node;
};

/** As a user makes it, for the sidecars of these tests. */
const exitImage = async (directory: string): Promise<string[]> => {
  const env = { env: [TERMINATE, WITH_IMAGE] };
  const containers = [main(), side(HANDLERLESS, env), { ...side(shell(SCRIPTS.exits0), env), name: 'other' }];
  const [manifest, output] = [join(directory, 'sidecars.json'), join(directory, 'exit.tar')];
  await writeFile(manifest, JSON.stringify(jobOf({ name: 'sidecars', containers })));
  await buildExitImage({ filename: [manifest], output }, () => undefined);
  return [output];
};

beforeAll(async () => {
  before = await lookForTraces();
  node = await startServed(exitImage);
  const { kubectl } = node;
  const labels = {
    restricted: 'pod-security.kubernetes.io/enforce=restricted',
    hooks: 'serverless.sidecarset.io/pre-stop=exec',
  };
  for (const [name, label] of Object.entries(labels)) {
    await kubectl('create', 'namespace', name);
    await kubectl('label', 'namespace', name, label);
  }
}, 900_000);
afterAll(() => node?.stop(), 60_000);

it('says by name what a machine lacks', async () => {
  const machine = { platform: 'linux', user: 1000, path: '' };
  await expect(requireMachine(machine)).rejects.toThrow(
    /run as root; .*containerd \(containerd, ctr, .*runc \(runc\).*kubectl is not/,
  );
});

exampleCases(served);
startCases(served);
endingCases(served);
nativeCases(served);
upgradeCases(served);
lateCases(served);
timeCases(served);

describe('afterwards', () => {
  it('the functions were refused nothing', () => {
    expect(served().refusals()).toEqual([]);
  });

  it('no mount, cgroup, process, interface, address, directory or setting is left', async () => {
    const { directory, stop } = served();
    await stop();
    node = undefined;
    expect(leftBehind(before, await lookForTraces(directory))).toEqual({
      mounts: [],
      cgroups: [],
      processes: [],
      interfaces: [],
      addresses: [],
      directories: [],
      settings: [],
    });
  });
});
