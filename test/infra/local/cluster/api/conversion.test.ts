import { expect, it, vi } from 'vitest';
import type { WebhookCaller } from '../../../../../infra/local/cluster/api/types.ts';
import type { ConversionReview } from '../../../../../shared/model/admission.ts';
import { DEFINITIONS, definition, type Json, SETS, sidecarSet, startApi } from './api.ts';

const OLD_SETS = SETS.replace('v1beta1', 'v1alpha1');
const CONVERSION = {
  strategy: 'Webhook',
  webhook: {
    clientConfig: { url: 'https://127.0.0.1:1/convert', caBundle: 'Q0E=' },
    conversionReviewVersions: ['v1'],
  },
};

/** v1alpha1 calls `paused` what v1beta1 calls `stopped`. */
const converted = (object: Json, apiVersion: string): Json => {
  const { paused, stopped, ...spec } = object['spec'] as Json;
  const value = paused ?? stopped;
  const field = apiVersion.endsWith('v1alpha1') ? 'paused' : 'stopped';
  return { ...object, apiVersion, spec: { ...spec, ...(value !== undefined && { [field]: value }) } };
};

const answer = (response: Json) => ({
  status: 200,
  body: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview', response },
});

const convert: WebhookCaller = async ({ body }) => {
  const { uid, desiredAPIVersion, objects } = (body as ConversionReview).request ?? {
    uid: '',
    desiredAPIVersion: '',
    objects: [],
  };
  const convertedObjects = objects.map((object) => converted({ ...object }, desiredAPIVersion));
  return answer({ uid, result: { status: 'Success' }, convertedObjects });
};

const started = async (callWebhook: WebhookCaller = convert) => {
  const api = startApi({ callWebhook });
  await api.surePost(DEFINITIONS, definition({ conversion: CONVERSION }));
  return api;
};

it('an object of any version is stored in one and answered in the version of the path', async () => {
  const { surePost, sureGet } = await started();
  const created = await surePost(OLD_SETS, sidecarSet('s', { paused: true }, 'v1alpha1'));
  expect([created.apiVersion, created.spec]).toEqual(['apps.kruise.io/v1alpha1', { paused: true }]);
  const stored = await sureGet(`${SETS}/s`);
  expect([stored.apiVersion, stored.spec]).toEqual(['apps.kruise.io/v1beta1', { stopped: true }]);
  expect(await sureGet(`${OLD_SETS}/s`)).toEqual(created);
  expect((await sureGet(OLD_SETS)).items).toEqual([created]);
});

it('a patch is applied in the version of the path, and a write that changes nothing stays none', async () => {
  const { surePost, patch, sureGet } = await started();
  const { metadata } = await surePost(SETS, sidecarSet('s', { stopped: true, x: 1 }));
  const same = await patch('merge', `${OLD_SETS}/s`, { spec: { paused: true } });
  expect(same.object.metadata).toEqual(metadata);
  await patch('json', `${OLD_SETS}/s`, [{ op: 'replace', path: '/spec/paused', value: false }]);
  const stored = await sureGet(`${SETS}/s`);
  expect([stored.spec, stored.metadata.generation]).toEqual([{ stopped: false, x: 1 }, 2]);
});

it('a watch of another version converts and keeps the order', async () => {
  const waiting: (() => void)[] = [];
  let hold = false;
  const { surePost, patch, watch, remove } = await started(async (request) => {
    if (hold) await new Promise<void>((resolve) => waiting.push(resolve));
    return convert(request);
  });
  await surePost(SETS, sidecarSet('a', { stopped: true }));
  hold = true;
  const old = watch(OLD_SETS);
  const current = watch(SETS);
  await patch('merge', `${SETS}/a`, { spec: { stopped: false } });
  await remove(`${SETS}/a`);
  expect(current.seen()).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  expect(old.seen()).toEqual([]);
  hold = false;
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  waiting[0]?.();
  await vi.waitFor(() => expect(old.seen()).toEqual(current.seen()));
  expect(old.events.map(({ object }) => object.spec)).toEqual([
    { paused: true },
    { paused: false },
    { paused: false },
  ]);
});

it.each<[string, WebhookCaller, string]>([
  ['does not answer', () => Promise.reject(new Error('connect ECONNREFUSED')), 'ECONNREFUSED'],
  [
    'answers with an error',
    async () => ({ status: 503, body: '' }),
    'the server is currently unable to handle the request',
  ],
  ['answers another review', async () => answer({ uid: 'x' }), 'got "x"'],
  [
    'refuses',
    async ({ body }) => {
      const uid = (body as ConversionReview).request?.uid;
      return answer({ uid, result: { status: 'Failed', message: 'no way' } });
    },
    'no way',
  ],
  [
    'drops objects',
    async ({ body }) => {
      const uid = (body as ConversionReview).request?.uid;
      return answer({ uid, result: { status: 'Success' }, convertedObjects: [] });
    },
    'returned 0 objects, expected 1',
  ],
])('a conversion webhook that %s fails the request, not the objects', async (_, callWebhook, message) => {
  const { surePost, get, sureGet } = await started(callWebhook);
  await surePost(SETS, sidecarSet('s'));
  const { status, failure } = await get(`${OLD_SETS}/s`);
  expect(status).toBe(500);
  expect(failure.message).toContain('conversion webhook for apps.kruise.io/v1beta1, Kind=SidecarSet ');
  expect(failure.message).toContain(message);
  expect((await sureGet(`${SETS}/s`)).metadata.name).toBe('s');
});

it('a conversion can not change what the server owns', async () => {
  const { surePost, sureGet } = await started(async (request) => {
    const converted = await convert(request);
    const { response } = converted.body as { response: { convertedObjects: Json[] } };
    for (const object of response.convertedObjects)
      object['metadata'] = {
        name: 's',
        uid: (object['metadata'] as Json)['uid'],
        generation: 9,
        labels: { added: 'yes' },
      };
    return converted;
  });
  const { metadata } = await surePost(SETS, sidecarSet('s'));
  expect((await sureGet(`${OLD_SETS}/s`)).metadata).toEqual({ ...metadata, labels: { added: 'yes' } });
});

it('without a webhook only the version changes', async () => {
  const { surePost, sureGet } = startApi();
  await surePost(DEFINITIONS, definition());
  const created = await surePost(SETS, sidecarSet('s', { a: null }));
  expect(await sureGet(`${OLD_SETS}/s`)).toEqual({ ...created, apiVersion: 'apps.kruise.io/v1alpha1' });
});
