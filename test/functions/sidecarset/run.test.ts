import { applyPatch } from 'rfc6902';
import { beforeEach, expect, it } from 'vitest';
import { createSidecarset } from '../../../functions/sidecarset/run.ts';
import { readSurroundings } from '../../../functions/sidecarset/surroundings.ts';
import { sha256Hex } from '../../../shared/io/digest.ts';
import { ClusterError } from '../../../shared/io/ports.ts';
import { loadRegex } from '../../../shared/io/regex.ts';
import type { AdmissionReview, ConversionReview } from '../../../shared/model/admission.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import {
  CONFIG_MAPS,
  CONTROLLER_REVISIONS,
  NAMESPACES,
  SIDECARSETS,
} from '../../../shared/model/resources.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';
import { reviewOf } from '../../support/reviews.ts';

let cluster: FakeCluster;
let log: FakeLog;

beforeEach(() => {
  cluster = createFakeCluster();
  log = createFakeLog();
});

const refused = (code: number) => new ClusterError(code, '', 'as the API server says');

const answer = (body: unknown, path: string): Promise<unknown> => {
  const read = readSurroundings(cluster, log);
  return createSidecarset({ digest: sha256Hex, read, loadRegex, log })(body, path);
};

const set = {
  apiVersion: 'apps.kruise.io/v1beta1',
  kind: 'SidecarSet',
  metadata: { name: 'set', managedFields: [{ manager: 'kubectl' }] },
  spec: { selector: { matchLabels: { app: 'web' } }, containers: [{ name: 's', image: 'i:1' }] },
};

const HOT = { upgradeType: 'HotUpgrade' };

const review = (request: object) => reviewOf(SIDECARSETS, { object: set, ...request });

const admitted = async (what: 'default' | 'validate', request: object = {}) => {
  const { response } = (await answer(review(request), `sidecarset/${what}`)) as AdmissionReview;
  return response;
};

it('writes defaults and hashes and leaves the rest', async () => {
  const response = await admitted('default');
  const copy = structuredClone(set);
  applyPatch(copy, JSON.parse(Buffer.from(response?.patch ?? '', 'base64').toString()));
  expect(copy).toMatchObject({
    metadata: {
      managedFields: [{ manager: 'kubectl' }],
      annotations: {
        'kruise.io/sidecarset-hash': '26fzw42cc4b554cxfc999z296v45z27d7744xwf7c74968f449xw86ff5v72v58w',
        'kruise.io/sidecarset-hash-without-image':
          'fcw7z4bxw95d29z24d2xbbdxf2fd88c5f696bbz4fd7988xwdz8w4wv74xd4x26x',
      },
    },
    spec: { updateStrategy: { type: 'RollingUpdate', partition: 0, maxUnavailable: 1 } },
  });
  expect((await admitted('default', { object: copy }))?.patch).toBeUndefined();
  expect((await admitted('validate', { object: copy }))?.allowed).toBe(true);
});

it.each([
  'default',
  'validate',
] as const)('refuses wrong types with 422 and field paths: %s', async (what) => {
  const object = { ...set, spec: { ...set.spec, containers: [{ name: 's', image: 'i', env: {} }] } };
  expect(await admitted(what, { object })).toMatchObject({
    allowed: false,
    status: {
      code: 422,
      reason: 'Invalid',
      message: expect.stringContaining('spec.containers[0].env: '),
      details: { causes: [{ field: 'spec.containers[0].env', reason: 'FieldValueTypeInvalid' }] },
    },
  });
});

it('refuses with all causes at once', async () => {
  const object = { ...set, spec: { containers: [{ name: 's', upgradeStrategy: HOT }] } };
  const response = await admitted('validate', { object });
  expect(response?.status?.details?.causes?.map(({ field }) => field)).toEqual([
    'spec.selector',
    'spec.containers[0].image',
    'spec.containers[0].upgradeStrategy.hotUpgradeEmptyImage',
  ]);
  expect(cluster.calls).toEqual([]);
});

const revisionOf = (name: string) => ({
  metadata: {
    name,
    namespace: 'sidecarset-system',
    labels: { 'kruise.io/sidecarset-name': 'set', 'apps.kruise.io/sidecarset-custom-version': 'v1' },
  },
  revision: 1,
  data: {},
});

it.each<[string, object, string[], boolean]>([
  ['asks for nothing else', {}, ['list sidecarsets'], true],
  [
    'names a revision',
    { injectionStrategy: { revision: { revisionName: 'set-1' } } },
    ['list sidecarsets', 'list controllerrevisions'],
    true,
  ],
  [
    'names a version',
    { injectionStrategy: { revision: { customVersion: 'v1' } } },
    ['list sidecarsets', 'list controllerrevisions'],
    true,
  ],
  [
    'names a revision that is not there',
    { injectionStrategy: { revision: { revisionName: 'set-2' } } },
    ['list sidecarsets', 'list controllerrevisions'],
    false,
  ],
  [
    'writes an annotation that is allowed',
    { patchPodMetadata: [{ annotations: { a: 'b' } }] },
    ['list sidecarsets', 'get configmaps'],
    true,
  ],
])('reads what a set needs that %s', async (_, spec, calls, allowed) => {
  cluster.put(CONTROLLER_REVISIONS, revisionOf('set-1'));
  cluster.put(CONFIG_MAPS, {
    metadata: { name: 'kruise-configuration', namespace: 'sidecarset-system' },
    data: {
      SidecarSet_PatchPodMetadata_WhiteList: '{"rules":[{"allowedAnnotationKeyExprs":[".*"]}]}',
    },
  } as KubernetesObject);
  const object = { ...set, spec: { ...set.spec, ...spec } };
  expect((await admitted('validate', { object }))?.allowed).toBe(allowed);
  const policies = ['listMetadata namespaces', 'list limitranges', 'list resourcequotas'];
  const made = cluster.calls.map(({ verb, resource }) => `${verb} ${resource}`);
  expect(made.filter((call) => !policies.includes(call))).toEqual(calls);
  expect(made).toEqual(expect.arrayContaining(policies));
  expect(cluster.writes()).toEqual([]);
});

it('refuses what another set brings already, by field', async () => {
  cluster.put(SIDECARSETS, { ...set, metadata: { name: 'elder' } });
  const response = await admitted('validate');
  expect(response?.status?.details?.causes).toEqual([
    {
      reason: 'FieldValueInvalid',
      field: 'spec.containers[0].name',
      message: expect.stringContaining('elder'),
    },
  ]);
});

it('warns in the answer', async () => {
  const containers = [{ name: 's', image: 'i:1', env: [{ name: 'PASSWORD', value: 'hunter2' }] }];
  const response = await admitted('validate', { object: { ...set, spec: { ...set.spec, containers } } });
  expect(response).toMatchObject({ allowed: true, warnings: [expect.stringContaining('PASSWORD')] });
});

it('warns of namespaces whose policies would refuse the Pods', async () => {
  const metadata = { name: 'strict', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } };
  cluster.put(NAMESPACES, { metadata });
  const response = await admitted('validate');
  expect(response?.warnings).toEqual([
    expect.stringContaining(
      'Pods in namespace strict would be refused: container s wants privilege escalation',
    ),
    expect.stringContaining('capabilities'),
  ]);
});

it.each<[string, string, Error, string[], number]>([
  ['that can not be read', 'limitranges', new Error('no route'), ['SidecarSetPoliciesUnread'], 0],
  ['that the cluster does not let it read', 'limitranges', refused(403), ['SidecarSetPoliciesUnread'], 0],
  ['of a kind that the cluster does not serve', 'limitranges', refused(404), [], 2],
  ['of the other kind that the cluster does not serve', 'resourcequotas', refused(404), [], 2],
])('accepts a set though there are policies %s', async (_, resource, fault, logged, warnings) => {
  const metadata = { name: 'strict', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } };
  cluster.put(NAMESPACES, { metadata });
  cluster.before('list', resource, () => {
    throw fault;
  });
  const response = await admitted('validate');
  expect([response?.allowed, response?.warnings?.length ?? 0]).toEqual([true, warnings]);
  const found = log.entries.filter(({ level }) => level === 'warn').map(({ fields }) => fields?.['code']);
  expect(found).toEqual(logged);
});

it('fails when the cluster can not be read, so that the failurePolicy decides', async () => {
  cluster.before('list', 'sidecarsets', () => {
    throw new Error('no route');
  });
  await expect(admitted('validate')).rejects.toThrow('no route');
});

it.each<[string, unknown, boolean]>([
  ['the same containers', set, true],
  ['other containers', { ...set, spec: { containers: [{ name: 'old', image: 'i' }] } }, false],
  ['something that can not be read', { metadata: {}, spec: 'x' }, true],
])('decides on an update of a set with %s', async (_, oldObject, allowed) => {
  expect((await admitted('validate', { operation: 'UPDATE', oldObject }))?.allowed).toBe(allowed);
});

it.each<[string, object]>([
  ['a deletion', { operation: 'DELETE', object: null, oldObject: set }],
  [
    'a set that is being deleted, whatever it holds',
    { operation: 'UPDATE', object: { metadata: { name: 'set', deletionTimestamp: 'now' }, spec: {} } },
  ],
  ['the status', { operation: 'UPDATE', subResource: 'status' }],
])('leaves %s alone', async (_, request) => {
  for (const what of ['default', 'validate'] as const)
    expect(await admitted(what, request)).toEqual({ uid: 'review-1', allowed: true });
});

it.each(['default', 'validate'] as const)('refuses another version: %s', async (what) => {
  const kind = { group: 'apps.kruise.io', version: 'v1alpha1', kind: 'SidecarSet' };
  expect(await admitted(what, { kind })).toMatchObject({ allowed: false, status: { code: 400 } });
});

const conversion = async (objects: object[], desiredAPIVersion = 'apps.kruise.io/v1beta1') => {
  const request = { uid: 'conversion-1', desiredAPIVersion, objects };
  const body = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview', request };
  return ((await answer(body, 'sidecarset/convert')) as ConversionReview).response;
};

const alpha = (name: string, spec: object) => ({
  apiVersion: 'apps.kruise.io/v1alpha1',
  kind: 'SidecarSet',
  metadata: { name },
  spec,
});

it('converts all objects in their order', async () => {
  const response = await conversion([alpha('a', { namespace: 'n' }), set]);
  expect(response).toMatchObject({ uid: 'conversion-1', result: { status: 'Success' } });
  expect(response?.convertedObjects).toEqual([
    {
      ...alpha('a', { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'n' } } }),
      apiVersion: 'apps.kruise.io/v1beta1',
      metadata: { name: 'a', annotations: { 'serverless.sidecarset.io/v1alpha1-namespace': 'n' } },
    },
    set,
  ]);
});

it('converts none if one can not be', async () => {
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'm' } };
  expect(await conversion([set, alpha('a', { namespace: 'n', namespaceSelector })])).toEqual({
    uid: 'conversion-1',
    result: { status: 'Failure', message: expect.stringContaining('exclude each other') },
    convertedObjects: [],
  });
});

it.each([
  [review({}), 'sidecarset/other'],
  [{ kind: 'Pod' }, 'sidecarset/default'],
  [review({}), 'sidecarset/convert'],
])('fails on a body or path that is not of the contract', async (body, path) => {
  await expect(answer(body, path)).rejects.toMatchObject({ name: 'ContractError' });
});
