/** An installation from beginning to end, on a real API server. The tests are its chapters: each goes on from the last. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dryRun } from '../../../cli/install/dryRun.ts';
import { installChecked } from '../../../cli/install/install.ts';
import { readStatus } from '../../../cli/install/status.ts';
import { uninstall } from '../../../cli/install/uninstall.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH } from '../../../shared/model/names.ts';
import {
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  NAMESPACES,
  SIDECARSETS,
} from '../../../shared/model/resources.ts';
import { endCommands, startCommand } from '../../support/command.ts';
import { TOKENS } from '../../support/functionsEndpoint.ts';
import { freePorts } from '../controlPlane/processes.ts';
import { type Definition, endpointOf, REGISTRATIONS, registered, useSetting } from './setting.ts';

const setting = useSetting();
const DEFINITION = { name: 'sidecarsets.apps.kruise.io' };
const V1ALPHA1 = { ...SIDECARSETS, version: 'v1alpha1' };
const SET = {
  apiVersion: 'apps.kruise.io/v1alpha1',
  kind: 'SidecarSet',
  metadata: { name: 'logs' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    namespace: 'default',
    containers: [{ name: 'agent', image: 'agent:1' }],
  },
};

const definition = () => setting().cluster.get<Definition>(CUSTOM_RESOURCE_DEFINITIONS, DEFINITION);

const versions = async () =>
  [...(await registered(setting().cluster))].map(([name, { metadata }]) => [name, metadata.resourceVersion]);

const installed = async (token: string = TOKENS[0]): Promise<string[]> => {
  const lines: string[] = [];
  const { cluster, functions } = setting();
  await installChecked(cluster, { endpoint: endpointOf(functions, token), say: (line) => lines.push(line) });
  return lines;
};

afterAll(endCommands);

describe('installing', () => {
  it('refuses an endpoint that nobody listens at, and writes nothing', async () => {
    const { cluster } = setting();
    const [port] = await freePorts(1);
    const endpoint = { url: `https://127.0.0.1:${port}/c1/${TOKENS[0]}` };
    await expect(installChecked(cluster, { endpoint, say: () => undefined })).rejects.toThrow(
      /can't be reached .*correct --url\. Nothing was changed/,
    );
    expect(await registered(cluster)).toEqual(new Map());
    expect(await definition()).toBeUndefined();
    expect(await cluster.get(NAMESPACES, { name: 'sidecarset-system' })).toBeUndefined();
  });

  it('shows on a dry run what it would create, and writes nothing', async () => {
    const { cluster, functions } = setting();
    const { changes, refused } = await dryRun(cluster, {
      endpoint: endpointOf(functions),
      strategy: 'native',
    });
    expect(refused).toBeUndefined();
    expect(changes.every((change) => change.includes('would be created'))).toBe(true);
    expect(changes.join('\n')).toMatch(/^\+ {3}strategy: native$/m);
    expect(changes.join('\n')).not.toContain(TOKENS[0]);
    expect(await registered(cluster)).toEqual(new Map());
    expect(await definition()).toBeUndefined();
  });

  it('takes back what it registered when the API server gets no answer', async () => {
    const { cluster, door } = setting();
    const lines: string[] = [];
    const attempt = installChecked(cluster, { endpoint: endpointOf(door), say: (line) => lines.push(line) });
    await expect(attempt).rejects.toThrow(/the API server gets no answer .*Can it reach --url/);
    await expect(attempt).rejects.not.toThrow(TOKENS[0]);
    expect(lines).toContain('ValidatingWebhookConfiguration sidecarset-serverless: created');
    expect(lines.at(-1)).toBe('webhooks and conversion were put back to what they were');
    expect(await registered(cluster)).toEqual(new Map());
    expect((await definition())?.spec.conversion).toEqual({ strategy: 'None' });
  });

  it('registers everything in order, observe last, after the API server got its answers', async () => {
    const lines = await installed();
    const at = (line: string): number => lines.indexOf(line);
    const order = [
      'the API server gets verdicts on SidecarSets from the endpoint',
      'MutatingWebhookConfiguration sidecarset-serverless-inject: created',
      'the API server gets sidecars for Pods from the endpoint',
      'ValidatingWebhookConfiguration sidecarset-serverless-observe: created',
    ];
    expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
    expect(at(order[0] ?? '')).toBeGreaterThan(0);
    expect([...(await registered(setting().cluster)).keys()]).toEqual(REGISTRATIONS);
    const namespaces = await setting().cluster.list<KubernetesObject & { status?: { phase: string } }>(
      NAMESPACES,
    );
    const active = namespaces.items.filter(({ status }) => status?.phase === 'Active');
    expect(active.map(({ metadata }) => metadata.name)).not.toContainEqual(expect.stringMatching(/check/));
  });

  it('serves SidecarSets in both versions', async () => {
    const { cluster } = setting();
    await cluster.create(V1ALPHA1, SET);
    const set = await cluster.get<KubernetesObject & { spec: object }>(SIDECARSETS, { name: 'logs' });
    expect(set?.metadata.annotations).toHaveProperty([ANNOTATION_HASH]);
    expect(set?.spec).toMatchObject({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
    });
  });

  it('changes nothing the second time', async () => {
    const before = await versions();
    const lines = (await installed()).filter((line) => /: (created|configured|unchanged)$/.test(line));
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !line.endsWith(': unchanged'))).toEqual([]);
    expect(await versions()).toEqual(before);
  });

  it('finds everything in order', async () => {
    const findings = await readStatus(setting().cluster);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings[0]?.detail).toBe(
      'served as v1beta1 and v1alpha1, stored as v1beta1 (stored until now: v1beta1), conversion Webhook',
    );
    expect(JSON.stringify(findings)).not.toContain(TOKENS[0]);
  });

  it('rotates the token, and shows no token on the way', async () => {
    const { cluster, functions } = setting();
    const { changes } = await dryRun(cluster, { endpoint: endpointOf(functions, TOKENS[1]) });
    const text = changes.join('\n');
    expect(text).toMatch(/-.*\/c1\/<token [0-9a-f]{8}>\/inject\n.*\+.*\/c1\/<token [0-9a-f]{8}>\/inject/);
    expect(text).toContain('Namespace sidecarset-system: unchanged');
    for (const token of TOKENS) expect(text).not.toContain(token);
    const lines = await installed(TOKENS[1]);
    expect(lines).toContain('CustomResourceDefinition sidecarsets.apps.kruise.io: configured');
    expect(lines).toContain('Namespace sidecarset-system: unchanged');
    const inject = (await registered(cluster)).get(REGISTRATIONS[1] ?? '');
    expect(JSON.stringify(inject)).toContain(`/c1/${TOKENS[1]}/inject`);
    expect(JSON.stringify(inject)).not.toContain(TOKENS[0]);
  });

  it('puts back the registration that was there when a new endpoint fails the API server', async () => {
    const { cluster, door } = setting();
    await expect(
      installChecked(cluster, { endpoint: endpointOf(door), say: () => undefined }),
    ).rejects.toThrow('the API server gets no answer');
    expect((await readStatus(cluster)).filter(({ ok }) => !ok)).toEqual([]);
    expect((await installed(TOKENS[1])).filter((line) => line.endsWith(': configured'))).toEqual([]);
  });
});

describe('the command', () => {
  const sidecarset = async (...args: string[]) => {
    const { directory, kubeconfig } = setting();
    const { ended } = await startCommand(directory, 'sidecarset.mjs', [...args, '--kubeconfig', kubeconfig]);
    return ended;
  };

  it('installs with options and keeps the token to itself', async () => {
    const { directory, functions, cluster } = setting();
    const [caFile, tokenFile] = [join(directory, 'ca.pem'), join(directory, 'token')];
    await writeFile(caFile, functions.ca);
    await writeFile(tokenFile, `${TOKENS[0]}\n`);
    const options = ['--url', functions.base, '--ca-bundle', caFile, '--token-file', tokenFile];
    const { exitCode, output, errors } = await sidecarset('install', ...options, '--strategy', 'native');
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output).not.toContain(TOKENS[0]);
    const key = { namespace: 'sidecarset-system', name: 'sidecarset-config' };
    expect(await cluster.get(CONFIG_MAPS, key)).toMatchObject({ data: { strategy: 'native' } });
  });

  it('says the state, with 0 for good', async () => {
    const { exitCode, output } = await sidecarset('status');
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/endpoint +127\.0\.0\.1:\d+ answers/)]);
    expect(output).toMatch(/default strategy +native/);
    expect(output).not.toContain(TOKENS[0]);
  });

  it('purges only when it is meant', async () => {
    const { exitCode, errors } = await sidecarset('uninstall', '--purge');
    expect([exitCode, errors]).toEqual([2, expect.stringContaining('add --yes')]);
    expect([...(await registered(setting().cluster)).keys()]).toEqual(REGISTRATIONS);
  });

  it('uninstalls, conversion first, and says what stays', async () => {
    const { cluster } = setting();
    const { exitCode, output } = await sidecarset('uninstall');
    expect(exitCode).toBe(0);
    expect(output.indexOf('conversion turned off')).toBeLessThan(output.indexOf('observe: removed'));
    expect(output).toContain('What stays');
    expect(await registered(cluster)).toEqual(new Map());
    for (const resource of [SIDECARSETS, V1ALPHA1])
      expect(await cluster.get(resource, { name: 'logs' })).toMatchObject({ metadata: { name: 'logs' } });
  });

  it('says the state, with 1 for bad', async () => {
    const { exitCode, output } = await sidecarset('status');
    expect([exitCode, output]).toEqual([1, expect.stringContaining('conversion None')]);
  });
});

describe('uninstalling', () => {
  it('has nothing to do the second time', async () => {
    const lines: string[] = [];
    await uninstall(setting().cluster, { say: (line) => lines.push(line) });
    expect(lines).toEqual([expect.stringMatching(/^What stays/)]);
  });

  it('comes back, and removes everything when purged', async () => {
    const { cluster } = setting();
    await installed();
    expect((await readStatus(cluster)).filter(({ ok }) => !ok)).toEqual([]);
    await uninstall(cluster, { purge: true, say: () => undefined });
    expect(await registered(cluster)).toEqual(new Map());
    await expect.poll(definition, { timeout: 30_000 }).toBeUndefined();
  });
});
