/** Taking OpenKruise's place, on a real API server. The tests are chapters: each goes on from the last. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { dryRun } from '../../../cli/install/dryRun.ts';
import { untilEstablished } from '../../../cli/install/established.ts';
import { installChecked } from '../../../cli/install/install.ts';
import { readStatus } from '../../../cli/install/status.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, SIDECARSETS } from '../../../shared/model/resources.ts';
import { installKruise } from './kruise.ts';
import { type Definition, endpointOf, REGISTRATIONS, registered, useSetting } from './setting.ts';

const setting = useSetting();
const NAME = 'sidecarsets.apps.kruise.io';

const definition = () => setting().cluster.get<Definition>(CUSTOM_RESOURCE_DEFINITIONS, { name: NAME });

const attempt = (options: { adopt?: boolean; deaf?: boolean } = {}) => {
  const { cluster, functions, door } = setting();
  const lines: string[] = [];
  const endpoint = endpointOf(options.deaf ? door : functions);
  const say = (line: string) => void lines.push(line);
  return installChecked(cluster, { endpoint, adopt: options.adopt, say }).then(() => lines);
};

const ours = async () =>
  [...(await registered(setting().cluster)).keys()].filter((name) => name.includes('sidecarset-serverless'));

describe('adopting OpenKruise', () => {
  beforeAll(async () => {
    const { cluster } = setting();
    await installKruise(cluster, () => untilEstablished(cluster, NAME));
  });

  it('refuses a cluster where OpenKruise is, and changes nothing', async () => {
    const before = await definition();
    await expect(attempt()).rejects.toThrow(
      /OpenKruise is in this cluster .*pass --adopt\. Nothing was changed/,
    );
    expect(await ours()).toEqual([]);
    expect(await definition()).toEqual(before);
  });

  it('refuses to adopt while it runs, and names the commands that make it rest', async () => {
    const { kubeconfig } = setting();
    const refusal = await attempt({ adopt: true }).then(String, (fault: Error) => fault.message);
    const commands = [...refusal.matchAll(/^ {2}kubectl (.*?)(?:\. Nothing was changed)?$/gm)].map(
      ([, text]) => text,
    );
    expect(commands).toEqual([
      '-n kruise-system scale deployment kruise-controller-manager --replicas=0',
      'delete mutatingwebhookconfiguration kruise-mutating-webhook-configuration',
      'delete validatingwebhookconfiguration kruise-validating-webhook-configuration',
    ]);
    for (const command of commands)
      await promisify(execFile)('kubectl', ['--kubeconfig', kubeconfig, ...(command ?? '').split(' ')]);
  });

  it('still wants to be told once it rests', async () => {
    await expect(attempt()).rejects.toThrow(`the CustomResourceDefinition ${NAME} is its`);
  });

  it('shows what would become of the definition, without a change', async () => {
    const { cluster, functions } = setting();
    const before = await definition();
    const { changes, refused } = await dryRun(cluster, { endpoint: endpointOf(functions), adopt: true });
    expect(refused).toBeUndefined();
    const change = changes.find((text) => text.startsWith('CustomResourceDefinition'));
    expect(change).toMatch(/^- .*service:$/m);
    expect(change).toMatch(/^\+ .*claim:$/m);
    expect(await definition()).toEqual(before);
  });

  it('puts its definition back when the API server gets no answer', async () => {
    const before = await definition();
    await expect(attempt({ adopt: true, deaf: true })).rejects.toThrow('the API server gets no answer');
    const after = await definition();
    expect([after?.spec, after?.metadata.annotations]).toEqual([before?.spec, before?.metadata.annotations]);
    expect(await ours()).toEqual([]);
  });

  it('replaces the definition and rewrites what was stored as v1alpha1', async () => {
    const lines = await attempt({ adopt: true });
    expect(lines).toContain('SidecarSets stored as v1beta1: 1');
    expect(await ours()).toEqual(REGISTRATIONS);
    const after = await definition();
    expect(after?.status.storedVersions).toEqual(['v1beta1']);
    expect(after?.spec.conversion.webhook?.clientConfig).not.toHaveProperty('service');
    expect(after?.metadata.annotations ?? {}).not.toHaveProperty(['kruise.example/made']);
    const { managedFields } = after?.metadata as unknown as {
      managedFields: { manager: string; operation: string; subresource?: string }[];
    };
    const managers = managedFields.filter(({ subresource }) => subresource === undefined);
    expect(managers).toMatchObject([{ manager: 'sidecarset', operation: 'Apply' }]);
    const { cluster } = setting();
    const set = await cluster.get<KubernetesObject & { spec: object }>(SIDECARSETS, { name: 'old' });
    expect(set?.spec).toMatchObject({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
    });
    const status = { matchedPods: 0, updatedPods: 0, readyPods: 0, claim: { listed: '1' } };
    const patch = { type: 'merge', subresource: 'status' } as const;
    expect(await cluster.patch(SIDECARSETS, { name: 'old' }, { status }, patch)).toMatchObject({ status });
  });

  it('needs no --adopt from then on, and finds everything in order', async () => {
    expect((await attempt()).filter((line) => line.endsWith(': configured'))).toEqual([]);
    expect((await readStatus(setting().cluster)).filter(({ ok }) => !ok)).toEqual([]);
  });
});
