import { expect, it } from 'vitest';
import { DEFINITIONS, definition, type Json, SETS, sidecarSet, startApi } from './api.ts';

const CONVERSION = {
  strategy: 'Webhook',
  webhook: { clientConfig: { url: 'https://127.0.0.1:1/convert' }, conversionReviewVersions: ['v1'] },
};

it('a definition is established when its creation is answered and its versions are served', async () => {
  const { api, surePost, sureGet } = startApi();
  await surePost(DEFINITIONS, definition());
  const { status } = await sureGet(`${DEFINITIONS}/sidecarsets.apps.kruise.io`);
  expect(status).toMatchObject({
    conditions: [
      { type: 'NamesAccepted', status: 'True' },
      { type: 'Established', status: 'True' },
    ],
    storedVersions: ['v1beta1'],
  });
  const served = api.resources().filter(({ group }) => group === 'apps.kruise.io');
  expect(served.map(({ version }) => version)).toEqual(['v1alpha1', 'v1beta1']);
  expect(served[0]).toEqual({
    group: 'apps.kruise.io',
    version: 'v1alpha1',
    plural: 'sidecarsets',
    singular: 'sidecarset',
    kind: 'SidecarSet',
    namespaced: false,
    shortNames: [],
    categories: [],
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: ['status'],
    schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    printerColumns: [{ name: 'MATCHED', type: 'integer', jsonPath: '.status.matchedPods' }],
  });
});

it.each<[string, Json, number, string]>([
  ['another name than its plural and group', { group: 'other.io' }, 422, 'metadata.name'],
  ['no scope', { scope: undefined }, 422, 'spec.scope'],
  [
    'two stored versions',
    { versions: ['a', 'b'].map((name) => ({ name, storage: true, schema: { openAPIV3Schema: {} } })) },
    422,
    'spec.versions',
  ],
  [
    'a version without a schema',
    { versions: [{ name: 'a', storage: true }] },
    422,
    'spec.versions[0].schema.openAPIV3Schema',
  ],
  [
    'a conversion review that it can not send',
    {
      conversion: {
        ...CONVERSION,
        webhook: { ...CONVERSION.webhook, conversionReviewVersions: ['v2'] },
      },
    },
    422,
    'spec.conversion.conversionReviewVersions',
  ],
  [
    'a conversion service',
    {
      conversion: {
        strategy: 'Webhook',
        webhook: { clientConfig: { service: {} }, conversionReviewVersions: ['v1'] },
      },
    },
    501,
    'clientConfig.service',
  ],
  [
    'selectable fields',
    { versions: [{ name: 'a', storage: true, schema: {}, selectableFields: [{ jsonPath: '.spec.a' }] }] },
    501,
    'selectableFields',
  ],
  [
    'validation rules in CEL',
    {
      versions: [
        {
          name: 'a',
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-validations': [{ rule: 'true' }] } },
        },
      ],
    },
    501,
    'x-kubernetes-validations',
  ],
  [
    'a format that is not checked here',
    {
      versions: [
        {
          name: 'a',
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', properties: { a: { type: 'string', format: 'isbn' } } },
          },
        },
      ],
    },
    501,
    'isbn',
  ],
])('a definition with %s is refused', async (_, spec, code, message) => {
  const body = definition();
  const { status, failure } = await startApi().post(DEFINITIONS, {
    ...body,
    spec: { ...body.spec, ...spec },
  });
  expect(status).toBe(code);
  expect(failure.message).toContain(message);
});

it('what identifies a definition stays', async () => {
  const { surePost, patch } = startApi();
  await surePost(DEFINITIONS, definition());
  const path = `${DEFINITIONS}/sidecarsets.apps.kruise.io`;
  const { status, failure } = await patch('merge', path, { spec: { scope: 'Namespaced' } });
  expect([status, failure.details.causes?.map(({ field }) => field)]).toEqual([422, ['spec.scope']]);
});

it('generation of a custom object counts everything but metadata and status', async () => {
  const { surePost, patch } = startApi();
  await surePost(DEFINITIONS, definition());
  await surePost(SETS, { ...sidecarSet('s'), status: { matchedPods: 9 } });
  const change = async (path: string, body: Json) => {
    const { object } = await patch('merge', path, body);
    return [object.metadata.generation, object.status];
  };
  expect(await change(`${SETS}/s`, { metadata: { labels: { a: 'b' } }, status: { matchedPods: 1 } })).toEqual(
    [1, undefined],
  );
  expect(await change(`${SETS}/s/status`, { spec: { a: 1 }, status: { matchedPods: 2 } })).toEqual([
    1,
    { matchedPods: 2 },
  ]);
  expect(await change(`${SETS}/s`, { spec: { a: 1 } })).toEqual([2, { matchedPods: 2 }]);
  expect(await change(`${SETS}/s`, { extra: true })).toEqual([3, { matchedPods: 2 }]);
});

it('without a status subresource the status is a field like any other', async () => {
  const { surePost, patch, get } = startApi();
  await surePost(DEFINITIONS, definition({ status: false }));
  await surePost(SETS, { ...sidecarSet('s'), status: { matchedPods: 1 } });
  const { object } = await patch('merge', `${SETS}/s`, { status: { matchedPods: 2 } });
  expect([object.status, object.metadata.generation]).toEqual([{ matchedPods: 2 }, 2]);
  expect((await get(`${SETS}/s/status`)).status).toBe(404);
});
