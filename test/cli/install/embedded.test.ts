/** The whole installation on the embedded API server. The tests are chapters: each goes on from the last. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type UserCluster } from '../../../cli/cluster.ts';
import { dryRun } from '../../../cli/install/dryRun.ts';
import { install, installChecked } from '../../../cli/install/install.ts';
import { readStatus } from '../../../cli/install/status.ts';
import { uninstall } from '../../../cli/install/uninstall.ts';
import { startCluster } from '../../../infra/local/cluster/cluster.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import {
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  NAMESPACES,
  PODS,
  SIDECARSETS,
} from '../../../shared/model/resources.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import type { Strategy } from '../../../shared/model/strategy.ts';
import { createFakeLog } from '../../support/fakes.ts';
import {
  FUNCTIONS_TOKEN,
  FUNCTIONS_USER,
  type FunctionsEndpoint,
  startFunctions,
  TOKENS,
} from '../../support/functionsEndpoint.ts';

const undo = new AsyncDisposableStack();
let cluster: UserCluster;
let functions: FunctionsEndpoint;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sidecarset-install-'));
  undo.defer(() => rm(directory, { recursive: true, force: true }));
  const sink = join(directory, 'sink');
  await mkdir(sink);
  const users = new Map([[FUNCTIONS_TOKEN, FUNCTIONS_USER]]);
  const running = await startCluster({
    directory,
    sink,
    users,
    log: createFakeLog(),
    onFact: () => undefined,
  });
  undo.defer(() => running.stop());
  functions = await startFunctions(running);
  undo.defer(() => functions.stop());
  cluster = await openCluster(running.kubeconfig);
});
afterAll(() => undo.disposeAsync());

const endpoint = (token: string = TOKENS[0]) => ({ url: `${functions.base}/${token}`, ca: functions.ca });
/** From the first installation on: `inject` remembers for a minute what it was told. */
const strategy: Strategy = 'native';
const definition = () => cluster.get(CUSTOM_RESOURCE_DEFINITIONS, { name: 'sidecarsets.apps.kruise.io' });
const installed = async (token?: string): Promise<string[]> => {
  const lines: string[] = [];
  await installChecked(cluster, {
    endpoint: endpoint(token),
    strategy,
    skipUnserved: true,
    say: (line) => lines.push(line),
  });
  return lines;
};
const faults = async () => (await readStatus(cluster)).filter(({ ok, name }) => !ok && name !== 'rights');

describe('installing on the embedded API server', () => {
  it.each([
    ['a wrong token', () => endpoint('wrong-token-0123456789'), /correct the one in --token-file/],
    [
      'another cluster',
      () => ({ ...endpoint(), url: `${new URL(functions.base).origin}/c2/${TOKENS[0]}` }),
      /--url/,
    ],
    ['a CA that is not trusted', () => ({ url: endpoint().url }), /--ca-bundle/],
  ])('refuses %s and writes nothing', async (_, wrong, message) => {
    const attempt = installChecked(cluster, { endpoint: wrong(), skipUnserved: true, say: () => undefined });
    await expect(attempt).rejects.toThrow(message);
    expect(await definition()).toBeUndefined();
    expect(await cluster.get(NAMESPACES, { name: 'sidecarset-system' })).toBeUndefined();
  });

  it('writes nothing on a dry run', async () => {
    const { changes, refused } = await dryRun(cluster, { endpoint: endpoint(), skipUnserved: true });
    expect([refused, changes.length]).toEqual([undefined, expect.any(Number)]);
    expect(await definition()).toBeUndefined();
  });

  it('takes back what it registered when it is interrupted', async () => {
    const interruption = new AbortController();
    const say = (line: string) => {
      if (line.endsWith('-inject: created')) interruption.abort(new Error('interrupted here'));
    };
    const attempt = installChecked(cluster, {
      endpoint: endpoint(),
      strategy,
      skipUnserved: true,
      say,
      signal: interruption.signal,
    });
    await expect(attempt).rejects.toThrow('interrupted here');
    const findings = await readStatus(cluster);
    expect(findings.find(({ name }) => name === 'webhooks')?.detail).toMatch(/^0 there, missing: /);
    expect(await definition()).toMatchObject({ spec: { conversion: { strategy: 'None' } } });
  });

  it('installs, and is called', async () => {
    const lines = await installed();
    expect(lines).toContain('the API server gets verdicts on SidecarSets from the endpoint');
    expect(lines).toContain('the API server gets sidecars for Pods from the endpoint');
    expect(await faults()).toEqual([]);
  });

  it('has said which strategy SidecarSets have that do not say it themselves', async () => {
    const named = (await readStatus(cluster)).find(({ name }) => name === 'default strategy');
    expect(named).toMatchObject({ ok: true, detail: 'native' });
    const containers = [{ name: 'agent', image: 'agent:1' }];
    await cluster.create<SidecarSet>(SIDECARSETS, {
      apiVersion: 'apps.kruise.io/v1beta1',
      kind: 'SidecarSet',
      metadata: { name: 'logs' },
      spec: { selector: { matchLabels: { app: 'web' } }, containers },
    });
    const { spec } = await cluster.create<Pod>(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'main:1' }] },
    });
    expect(spec.initContainers).toMatchObject([{ name: 'agent', restartPolicy: 'Always' }]);
    expect(spec.containers.map(({ name }) => name)).toEqual(['main']);
  });

  it('changes nothing the second time, by either door', async () => {
    const before = await definition();
    await install(cluster, endpoint());
    expect((await installed()).filter((line) => /: (created|configured)$/.test(line))).toEqual([]);
    expect(await definition()).toEqual(before);
  });

  it('rotates the token', async () => {
    expect(await installed(TOKENS[1])).toContain(
      'MutatingWebhookConfiguration sidecarset-serverless-inject: configured',
    );
    expect(await faults()).toEqual([]);
  });

  it('uninstalls, and then has nothing more to do', async () => {
    const rounds = [1, 2].map(() => [] as string[]);
    for (const lines of rounds) await uninstall(cluster, { say: (line) => lines.push(line) });
    expect(rounds[0]?.[0]).toContain('conversion turned off');
    expect(rounds[1]).toEqual([expect.stringMatching(/^What stays/)]);
    expect((await readStatus(cluster)).find(({ name }) => name === 'webhooks')?.ok).toBe(false);
  });

  it('finds fault with a default strategy that means nothing', async () => {
    const key = { namespace: 'sidecarset-system', name: 'sidecarset-config' };
    await cluster.patch(CONFIG_MAPS, key, { data: { strategy: 'Native' } }, { type: 'merge' });
    const named = (await readStatus(cluster)).find(({ name }) => name === 'default strategy');
    expect(named).toMatchObject({ ok: false, detail: 'compatible: "Native" means nothing' });
  });
});
