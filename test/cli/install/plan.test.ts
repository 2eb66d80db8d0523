import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { BASE, loadManifests } from '../../../cli/install/load.ts';
import { isOurs } from '../../../cli/install/ours.ts';
import { planOf, STEPS } from '../../../cli/install/plan.ts';
import type { Manifest } from '../../../cli/manifests.ts';

const title = ({ kind, metadata }: Manifest): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** kustomize writes folded texts anew, with other line breaks. */
const unfolded = (manifests: Manifest[]): unknown =>
  JSON.parse(JSON.stringify(manifests), (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(/\s+/g, ' ') : value,
  );

it('applies what `kubectl apply -k` would', async () => {
  const { stdout } = await promisify(execFile)('kubectl', ['kustomize', BASE]);
  const theirs = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
  const sorted = (manifests: Manifest[]) => manifests.toSorted((a, b) => title(a).localeCompare(title(b)));
  expect(unfolded(sorted(await loadManifests()))).toEqual(unfolded(sorted(theirs)));
});

it('marks every object as its own, so that it is found again', async () => {
  const strangers = (await loadManifests()).filter((manifest) => !isOurs(manifest));
  expect(strangers.map(title)).toEqual([]);
});

it('refuses a kustomization that does more than list', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kustomization-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'kustomization.yaml'), 'resources: []\nnamePrefix: x-\n');
  await expect(loadManifests(directory)).rejects.toThrow('namePrefix is not supported');
});

const manifest = (kind: string, name: string): Manifest => ({ apiVersion: 'v1', kind, metadata: { name } });

it('puts each object into its step, whatever order they are listed in', () => {
  const manifests = [
    manifest('ValidatingWebhookConfiguration', 'sidecarset-serverless-observe'),
    manifest('MutatingWebhookConfiguration', 'sidecarset-serverless-inject'),
    manifest('ValidatingWebhookConfiguration', 'sidecarset-serverless'),
    manifest('ClusterRole', 'sidecarset:inject'),
    manifest('ValidatingAdmissionPolicy', 'launch-pods.sidecarset.io'),
    manifest('CustomResourceDefinition', 'sidecarsets.apps.kruise.io'),
    manifest('Namespace', 'sidecarset-system'),
  ];
  const steps = planOf(manifests, 'native').map(({ name, manifests: own }) => [name, ...own.map(title)]);
  expect(steps.map(([name]) => name)).toEqual([...STEPS]);
  expect(steps).toEqual([
    ['namespace', 'Namespace /sidecarset-system'],
    ['definition', 'CustomResourceDefinition /sidecarsets.apps.kruise.io'],
    ['rights', 'ClusterRole /sidecarset:inject', 'ValidatingAdmissionPolicy /launch-pods.sidecarset.io'],
    ['configuration', 'ConfigMap sidecarset-system/sidecarset-config'],
    ['sidecarset', 'ValidatingWebhookConfiguration /sidecarset-serverless'],
    ['inject', 'MutatingWebhookConfiguration /sidecarset-serverless-inject'],
    ['observe', 'ValidatingWebhookConfiguration /sidecarset-serverless-observe'],
  ]);
});

it('leaves the configuration alone without a strategy', () => {
  expect(planOf([]).map(({ name }) => name)).toEqual([]);
  expect(planOf([], 'compatible')).toMatchObject([
    { name: 'configuration', manifests: [{ kind: 'ConfigMap', data: { strategy: 'compatible' } }] },
  ]);
});
