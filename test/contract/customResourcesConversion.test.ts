import { expect } from 'vitest';
import type { Answered, Json } from './harness/api.ts';
import { type Api, contract, eventually } from './harness/contract.ts';
import { DEFINITIONS, establish, freshGroup, version, widgets, withSpec } from './harness/definitions.ts';
import type { Review, Verdict } from './harness/webhook.ts';

const field = (name: string, preset: string) =>
  withSpec({ properties: { [name]: { type: 'string' }, k: { type: 'string', default: preset } } });

const V1 = version('v1', field('a', 'K1'), { subresources: { status: {} } });
const V2 = { ...version('v2', field('b', 'K2'), { subresources: { status: {} } }), storage: false };

/** v1 calls `a` what v2 calls `b`. */
const converted = (object: Answered, desired: string): Json => {
  const { a, b, ...rest } = object.spec;
  const value = a ?? b;
  const name = desired.endsWith('/v1') ? 'a' : 'b';
  return { ...object, apiVersion: desired, spec: { ...rest, ...(value !== undefined && { [name]: value }) } };
};

const objectsOf = ({ request }: Review): Answered[] => request['objects'] as unknown as Answered[];

const convert = (review: Review): Json => {
  const desired = String(review.request['desiredAPIVersion']);
  const convertedObjects = objectsOf(review).map((object) => converted(object, desired));
  return { result: { status: 'Success' }, convertedObjects };
};

const start = async (api: Api, answer: (review: Review) => Verdict = convert) => {
  const { url, caBundle, reviews, calls } = await api.webhook(answer);
  const webhook = { conversionReviewVersions: ['v1'], clientConfig: { url: `${url}/convert`, caBundle } };
  const made = await establish(api, [V1, V2], { conversion: { strategy: 'Webhook', webhook } });
  return { ...made, reviews, calls };
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

contract(
  'an object of any version is stored in one, answered in the version of the path, and converted by ConversionReviews',
  {
    behaviour: 'answers in the version that is stored',
    answer: (answer, { path }) =>
      path.endsWith('/v2/namespaces/default/widgets/one')
        ? {
            ...answer,
            object: { ...answer.object, apiVersion: answer.object.apiVersion?.replace('v2', 'v1') },
          }
        : answer,
  },
  async (api) => {
    const { group, path, widget, reviews, calls } = await start(api);
    const one = await api.surePost(path('v1'), widget('one', { a: 'x' }, 'v1'));
    const two = await api.surePost(path('v2'), widget('two', { b: 'y' }, 'v2'));
    expect([one.spec, two.apiVersion, two.spec]).toEqual([
      { a: 'x', k: 'K1' },
      `${group}/v2`,
      { b: 'y', k: 'K2' },
    ]);
    const read = await api.sureGet(`${path('v2')}/one`);
    // The defaults are those of the version that is stored.
    expect([read.apiVersion, read.spec]).toEqual([`${group}/v2`, { b: 'x', k: 'K1' }]);
    expect(read.metadata).toEqual(one.metadata);
    const list = await eventually(async () => {
      const { items } = await api.sureGet(path('v2'));
      return items.length === 2 && items;
    });
    expect(list.map(({ apiVersion, spec }) => [apiVersion, spec['b']])).toEqual([
      [`${group}/v2`, 'x'],
      [`${group}/v2`, 'y'],
    ]);
    const toStore = reviews.find(
      (review) => review.request['desiredAPIVersion'] === `${group}/v1` && objectsOf(review).length === 1,
    );
    expect(toStore).toMatchObject({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'ConversionReview',
      request: {
        objects: [
          { apiVersion: `${group}/v2`, kind: 'Widget', metadata: { name: 'two' }, spec: { b: 'y', k: 'K2' } },
        ],
      },
    });
    expect(calls[0]).toBe('/convert?timeout=30s');
  },
);

contract(
  'a patch is made in the version of the path, and one that changes nothing there changes nothing',
  {
    behaviour: 'stores it anyway',
    answer: (answer, { method }) =>
      method === 'PATCH'
        ? { ...answer, object: { ...answer.object, metadata: { ...answer.object.metadata, generation: 7 } } }
        : answer,
  },
  async (api) => {
    const { path, widget } = await start(api);
    const created = await api.surePost(path('v1'), widget('one', { a: 'x' }, 'v1'));
    const same = await api.patch('merge', `${path('v2')}/one`, { spec: { b: 'x' } });
    expect(same.object.metadata).toMatchObject({
      generation: 1,
      resourceVersion: created.metadata.resourceVersion,
    });
    const changed = await api.patch('json', `${path('v2')}/one`, [
      { op: 'replace', path: '/spec/b', value: 'z' },
    ]);
    expect([changed.object.spec, changed.object.metadata.generation]).toEqual([{ b: 'z', k: 'K1' }, 2]);
    expect((await api.sureGet(`${path('v1')}/one`)).spec).toEqual({ a: 'z', k: 'K1' });
  },
);

const changing = (change: (object: Json & { metadata: Json }) => Json) => (verdict: Json) => ({
  ...verdict,
  convertedObjects: (verdict['convertedObjects'] as (Json & { metadata: Json })[]).map(change),
});

const metadata = (more: Json) =>
  changing((object) => ({ ...object, metadata: { ...object.metadata, ...more } }));

/** `returned invalid object: ...` and so on, after `conversion webhook for <kind> `. */
const FAILURES: [string, (verdict: Json) => Verdict, string | RegExp][] = [
  [
    'returns too few objects',
    (verdict) => ({ ...verdict, convertedObjects: [] }),
    'returned 0 objects, expected 1',
  ],
  [
    'answers another review',
    (verdict) => ({ ...verdict, uid: 'x' }),
    /^failed: expected response.uid="[-0-9a-f]+", got "x"$/,
  ],
  [
    'refuses',
    (verdict) => ({ ...verdict, result: { status: 'Failure', message: 'no way' } }),
    'failed: no way',
  ],
  [
    'refuses without a word',
    (verdict) => ({ ...verdict, result: { status: 'Failure' } }),
    "failed: response.result.status was 'Failure', not 'Success'",
  ],
  [
    'changes the name',
    metadata({ name: 'other' }),
    'returned invalid object: must have the same name: one != other',
  ],
  [
    'changes the uid',
    metadata({ uid: 'other' }),
    /^returned invalid object: must have the same UID: [-0-9a-f]+ != other$/,
  ],
  [
    'changes the kind',
    changing((object) => ({ ...object, kind: 'Gadget' })),
    'returned invalid object at index 0: invalid kind (expected Widget, received Gadget)',
  ],
  [
    'sets a label that is no text',
    metadata({ labels: { x: 1 } }),
    'returned invalid metadata: metadata.labels[x] must be a string, but is int64 in converted object',
  ],
  [
    'is not available',
    () => ({ http: { status: 503, body: 'oops' } }),
    'failed: the server is currently unable to handle the request',
  ],
];

contract(
  'a conversion that fails, or changes what it may not, fails the request with a 500 in its words, not the object',
  {
    behaviour: 'answers with another sentence',
    answer: (answer) =>
      answer.status === 500
        ? { ...answer, failure: { ...answer.failure, message: 'Internal error' } }
        : answer,
  },
  async (api) => {
    let spoil: ((verdict: Json) => Verdict) | undefined;
    const { group, path, widget } = await start(api, (review) => spoil?.(convert(review)) ?? convert(review));
    await api.surePost(path('v1'), widget('one', { a: 'x' }, 'v1'));
    for (const [what, next, expected] of FAILURES) {
      spoil = next;
      const { status, failure } = await api.get(`${path('v2')}/one`);
      const opening = `conversion webhook for ${group}/v1, Kind=Widget `;
      expect({ what, status, opening: failure.message?.slice(0, opening.length) }).toEqual({
        what,
        status: 500,
        opening,
      });
      expect(failure.message?.slice(opening.length)).toMatch(
        typeof expected === 'string' ? new RegExp(`^${escaped(expected)}$`) : expected,
      );
    }
    const [, first] = FAILURES[2] ?? [];
    spoil = first;
    const create = await api.post(path('v2'), widget('two', { b: 'y' }, 'v2'));
    const patch = await api.patch('merge', `${path('v2')}/one`, { spec: { b: 'z' } });
    expect([create.status, create.failure.message]).toEqual([
      500,
      `conversion webhook for ${group}/v2, Kind=Widget failed: no way`,
    ]);
    // In which direction a patch fails first is the server's affair.
    expect([patch.status, patch.failure.message?.replace(/v[12], /, '')]).toEqual([
      500,
      `conversion webhook for ${group}/Kind=Widget failed: no way`,
    ]);
    expect((await api.remove(`${path('v2')}/one`)).status).toBe(500);
    // In the stored version nobody is asked.
    expect((await api.sureGet(`${path('v1')}/one`)).spec).toEqual({ a: 'x', k: 'K1' });
    spoil = undefined;
    expect((await api.get(`${path('v2')}/two`)).status).toBe(404);
    expect((await api.sureGet(`${path('v2')}/one`)).spec).toEqual({ b: 'x', k: 'K1' });
  },
);

contract(
  'a conversion may change labels and annotations, and what it does to the rest of the metadata is undone',
  {
    behaviour: 'lets it change finalizers',
    answer: (answer, { path }) =>
      path.includes('/v2/')
        ? {
            ...answer,
            object: { ...answer.object, metadata: { ...answer.object.metadata, finalizers: ['q/q'] } },
          }
        : answer,
  },
  async (api) => {
    const change = metadata({ labels: { x: 'y' }, finalizers: ['q/q'], generation: 9 });
    const { path, widget } = await start(api, (review) => change(convert(review)));
    const created = await api.surePost(path('v1'), widget('one', { a: 'x' }, 'v1'));
    const read = await api.sureGet(`${path('v2')}/one`);
    expect(read.metadata).toEqual({ ...created.metadata, labels: { x: 'y' } });
  },
);

contract(
  'without a webhook only the version changes, and fields that the other version does not have are gone from view',
  {
    behaviour: 'shows them all',
    answer: (answer, { path }) =>
      path.endsWith('/v2/namespaces/default/widgets/one')
        ? { ...answer, object: { ...answer.object, spec: { a: 'x', k: 'K1' } } }
        : answer,
  },
  async (api) => {
    const { group, path, widget } = await establish(api, [V1, V2]);
    await api.surePost(path('v1'), widget('one', { a: 'x' }, 'v1'));
    const read = await api.sureGet(`${path('v2')}/one`);
    expect([read.apiVersion, read.spec]).toEqual([`${group}/v2`, { k: 'K1' }]);
    expect((await api.sureGet(`${path('v1')}/one`)).spec).toEqual({ a: 'x', k: 'K1' });
  },
);

contract(
  'a conversion that can not be asked for is refused with the definition',
  {
    behaviour: 'takes it',
    answer: (answer, { path }) => (path === DEFINITIONS ? { ...answer, status: 201 } : answer),
  },
  async (api) => {
    const conversions: [Json, string[]][] = [
      [{ strategy: 'Webhook' }, ['conversionReviewVersions', 'webhookClientConfig']],
      [
        {
          strategy: 'Webhook',
          webhook: { clientConfig: { url: 'http://x/y?z' }, conversionReviewVersions: ['v9'] },
        },
        ['conversionReviewVersions', 'webhookClientConfig.url', 'webhookClientConfig.url'],
      ],
      [{ strategy: 'Other' }, ['strategy']],
      [
        {
          strategy: 'None',
          webhook: { clientConfig: { url: 'https://x/y' }, conversionReviewVersions: ['v1'] },
        },
        ['conversionReviewVersions', 'webhookClientConfig'],
      ],
    ];
    for (const [conversion, fields] of conversions) {
      const { status, failure } = await api.post(
        DEFINITIONS,
        widgets(freshGroup(), [V1, V2], { conversion }),
        { dryRun: 'All' },
      );
      const found = (failure.details?.causes ?? []).map((cause) =>
        cause.field?.replace('spec.conversion.', ''),
      );
      expect({ status, found: found.sort() }).toEqual({ status: 422, found: fields });
    }
  },
);
