/** What the client sees when a webhook refuses, fails, warns, or answers with a patch that is none. */
import { expect } from 'vitest';
import type { Answer, Json } from './harness/api.ts';
import { type Api, contract, freshNamespace, pod, podsIn, type Sabotage } from './harness/contract.ts';
import { ALLOWED, configuration, configurationsOf, entry, patching, register } from './harness/hooks.ts';
import type { Review, Verdict, Webhook } from './harness/webhook.ts';

type Kind = 'Mutating' | 'Validating';
const KINDS: Kind[] = ['Mutating', 'Validating'];

/** Sends a Pod past a webhook, under Fail and then under Ignore. */
const sendPast = async (
  api: Api,
  kind: Kind,
  webhook: Pick<Webhook, 'url' | 'caBundle'>,
  more: Json = {},
) => {
  const namespace = await freshNamespace();
  const labelled = (failurePolicy: string) => ({
    ...more,
    failurePolicy,
    name: `${failurePolicy.toLowerCase()}.example.com`,
    objectSelector: { matchLabels: { policy: failurePolicy } },
  });
  await register(
    api,
    { kind, namespace },
    ['Fail', 'Ignore'].map((policy) => entry(webhook, namespace, labelled(policy))),
  );
  const send = (policy: string) =>
    api.post(podsIn(namespace), pod('web', { metadata: { labels: { policy } } }), { dryRun: 'All' });
  return [await send('Fail'), await send('Ignore')] as [Answer, Answer];
};

const forgiving: Sabotage = {
  behaviour: 'lets the request pass',
  answer: (answer, { path }) =>
    path.endsWith('/pods') ? { ...answer, status: 201, failure: { ...answer.failure, code: 201 } } : answer,
};

/** A webhook that can't be asked: 500 with the reason under Fail, passed over under Ignore. */
const expectFailure = ([failed, ignored]: [Answer, Answer], why: string | RegExp): void => {
  const message = 'Internal error occurred: failed calling webhook "fail.example.com": ';
  expect(failed.status).toBe(500);
  expect(failed.failure).toMatchObject({ code: 500, reason: 'InternalError' });
  const text = failed.failure.message ?? '';
  expect(text.slice(0, message.length)).toBe(message);
  if (typeof why === 'string') expect(text.slice(message.length)).toBe(why);
  else expect(text.slice(message.length)).toMatch(why);
  expect(failed.failure.details.causes).toEqual([{ message: text.replace('Internal error occurred: ', '') }]);
  expect(ignored.status).toBe(201);
};

const raw =
  (body: (uid: string) => unknown, status = 200) =>
  (review: Review): Verdict => ({
    http: { status, body: JSON.stringify(body(review.request.uid)) },
  });
const text =
  (status: number, body: string): (() => Verdict) =>
  () => ({ http: { status, body } });
const REVIEW = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };

const ANSWERS: [string, (review: Review) => Verdict, string | RegExp][] = [
  [
    'answers 500',
    text(500, 'oops'),
    'failed to call webhook: an error on the server ("oops") has prevented the request from succeeding',
  ],
  [
    'answers 500 with a Status',
    text(
      500,
      JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'no luck', code: 500 }),
    ),
    'failed to call webhook: no luck',
  ],
  [
    'answers 404',
    text(404, 'no'),
    'failed to call webhook: the server could not find the requested resource',
  ],
  [
    'answers 429',
    text(429, 'no'),
    'failed to call webhook: the server has received too many requests and has asked us to try again later',
  ],
  [
    'answers 503',
    text(503, 'no'),
    'failed to call webhook: the server is currently unable to handle the request',
  ],
  [
    'answers nothing',
    text(200, ''),
    'failed to call webhook: 0-length response with status code: 200 and content type: application/json',
  ],
  [
    'answers text',
    text(200, 'hello'),
    /^failed to call webhook: couldn't get version\/kind; json parse error: /,
  ],
  [
    'answers another kind',
    raw(() => ({ apiVersion: 'v1', kind: 'Pod' })),
    'failed to call webhook: no kind "Pod" is registered for version "v1" in scheme "pkg/runtime/scheme.go:110"',
  ],
  [
    'answers in another version',
    raw((uid) => ({ ...REVIEW, apiVersion: 'admission.k8s.io/v1beta1', response: { uid, allowed: true } })),
    'failed to call webhook: converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion',
  ],
  [
    'answers no response',
    raw(() => REVIEW),
    'received invalid webhook response: webhook response was absent',
  ],
  [
    'answers an empty object',
    raw(() => ({})),
    'received invalid webhook response: webhook response was absent',
  ],
  [
    'answers another review',
    raw(() => ({ ...REVIEW, response: { uid: 'other', allowed: true } })),
    /^received invalid webhook response: expected response\.uid="[0-9a-f-]{36}", got "other"$/,
  ],
  [
    'answers no review in particular',
    raw(() => ({ ...REVIEW, response: { allowed: true } })),
    /^received invalid webhook response: expected response\.uid="[0-9a-f-]{36}", got ""$/,
  ],
  [
    'says yes in words',
    raw((uid) => ({ ...REVIEW, response: { uid, allowed: 'yes' } })),
    'failed to call webhook: json: cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool',
  ],
];

for (const kind of KINDS)
  for (const [name, answer, why] of ANSWERS)
    contract(
      `a ${kind.toLowerCase()} webhook that ${name} fails the request, or is passed over`,
      forgiving,
      async (api) => {
        expectFailure(await sendPast(api, kind, await api.webhook(answer)), why);
      },
    );

for (const kind of KINDS)
  contract(
    `a ${kind.toLowerCase()} webhook that can't be reached is named with its whole URL`,
    forgiving,
    async (api) => {
      const nobody = {
        url: 'https://127.0.0.1:1/some/path',
        caBundle: (await api.webhook(() => ALLOWED)).caBundle,
      };
      expectFailure(
        await sendPast(api, kind, nobody, { timeoutSeconds: 7 }),
        'failed to call webhook: Post "https://127.0.0.1:1/some/path?timeout=7s": dial tcp 127.0.0.1:1: connect: connection refused',
      );
    },
  );

contract('a webhook with a certificate of another authority is not trusted', forgiving, async (api) => {
  const { url } = await api.webhook(() => ALLOWED);
  const { caBundle } = await api.webhook(() => ALLOWED);
  const known = /: tls: failed to verify certificate: x509: certificate signed by unknown authority/;
  expectFailure(await sendPast(api, 'Validating', { url, caBundle }), known);
});

contract(
  'a webhook has its time, which it is told in the URL, and no more',
  { behaviour: 'waits for ever', verdict: () => ALLOWED },
  async (api) => {
    const webhook = await api.webhook(() => ({ hang: true }));
    const started = performance.now();
    const answers = await sendPast(api, 'Validating', webhook, { timeoutSeconds: 1 });
    expect(performance.now() - started).toBeGreaterThan(1900);
    expectFailure(
      answers,
      `failed to call webhook: Post "${webhook.url}/?timeout=1s": context deadline exceeded`,
    );
    expect(webhook.calls).toEqual(['/?timeout=1s', '/?timeout=1s']);
  },
);

contract(
  'a webhook that answers neither yes nor no says no',
  { behaviour: 'takes it for a yes', verdict: () => ALLOWED },
  async (api) => {
    const answers = await sendPast(api, 'Validating', await api.webhook(() => ({})));
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
  },
);

const DENIALS: [string, Json | undefined, Json][] = [
  ['without a word', undefined, { code: 400, message: ' without explanation' }],
  ['with a message', { message: 'not here' }, { code: 400, message: ': not here' }],
  ['with a code of success', { message: 'odd', code: 200 }, { code: 400, message: ': odd' }],
  ['with a reason only', { reason: 'Because' }, { code: 400, message: ': Because', reason: 'Because' }],
  [
    'with code, reason and causes',
    {
      code: 422,
      reason: 'Invalid',
      message: 'bad field',
      details: { causes: [{ reason: 'FieldValueInvalid', message: 'bad', field: 'spec.x' }] },
    },
    {
      code: 422,
      message: ': bad field',
      reason: 'Invalid',
      details: { causes: [{ reason: 'FieldValueInvalid', message: 'bad', field: 'spec.x' }] },
    },
  ],
  ['with a code of failure', { code: 503, message: 'later' }, { code: 503, message: ': later' }],
];

for (const kind of KINDS)
  for (const [name, status, expected] of DENIALS)
    contract(
      `a denial of a ${kind.toLowerCase()} webhook ${name} reaches the client as it is, whatever the policy`,
      { behaviour: 'allows what is denied', verdict: () => ALLOWED },
      async (api) => {
        const webhook = await api.webhook(() => ({ allowed: false, ...(status && { status }) }));
        const [fail, ignore] = await sendPast(api, kind, webhook);
        for (const [{ failure, status: code }, name] of [
          [fail, 'fail'],
          [ignore, 'ignore'],
        ] as const) {
          expect(code).toBe(expected['code']);
          expect(failure).toEqual({
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Failure',
            ...expected,
            message: `admission webhook "${name}.example.com" denied the request${expected['message']}`,
          });
        }
      },
    );

/** `Warning` headers as texts. */
const warningsOf = ({ headers }: Answer): string[] => {
  const joined = Buffer.from([headers['warning'] ?? []].flat().join(', '), 'latin1').toString('utf8');
  return joined === '' ? [] : joined.split(/, (?=299 - ")/).map((one) => one.slice('299 - "'.length, -1));
};

const silent: Sabotage = {
  behaviour: 'loses the warnings',
  answer: (answer) => ({ ...answer, headers: {} }),
};

contract(
  'warnings reach the client once each, with a refusal too, and without control characters',
  silent,
  async (api) => {
    const warnings = ['careful', 'say "hi"', 'two\nlines', 'müde', 'careful'];
    const webhook = await api.webhook(({ request }) => ({ allowed: request.name === 'web', warnings }));
    const [answer] = await sendPast(api, 'Validating', webhook);
    expect(warningsOf(answer)).toEqual(['careful', 'say \\"hi\\"', 'müde']);
    const refusing = await api.webhook(() => ({ allowed: false, warnings: ['too late'] }));
    const [refused] = await sendPast(api, 'Mutating', refusing);
    expect([refused.status, warningsOf(refused)]).toEqual([400, ['too late']]);
  },
);

contract(
  'one long warning is left whole, and many are cut to 256 characters until 4096 are used',
  silent,
  async (api) => {
    const long = 'x'.repeat(3000);
    const [alone] = await sendPast(
      api,
      'Validating',
      await api.webhook(() => ({ allowed: true, warnings: [long] })),
    );
    expect(warningsOf(alone)).toEqual([long]);
    const many = Array.from({ length: 30 }, (_, index) => `${index} ${'x'.repeat(300)}`);
    const [all] = await sendPast(
      api,
      'Validating',
      await api.webhook(() => ({ allowed: true, warnings: many })),
    );
    expect(warningsOf(all)).toEqual(many.slice(0, 16).map((warning) => warning.slice(0, 256)));
  },
);

contract('a patch that does not apply fails the request, whatever the policy', forgiving, async (api) => {
  for (const operation of [
    { op: 'remove', path: '/spec/nope/more' },
    { op: 'add', path: '/metadata/annotations/a', value: 'b' },
    { op: 'test', path: '/metadata/name', value: 'other' },
    { op: 'test', path: '/metadata/nope', value: 'other' },
  ])
    for (const { failure } of await sendPast(api, 'Mutating', await api.webhook(() => patching(operation)))) {
      expect(failure).toMatchObject({ code: 500, reason: 'InternalError' });
      expect(failure.message).toMatch(/^Internal error occurred: /);
      expect(failure.message).not.toMatch(/failed calling webhook/);
    }
});

contract('an object that a patch made invalid is refused by its field', forgiving, async (api) => {
  const webhook = await api.webhook(() => patching({ op: 'replace', path: '/spec/containers', value: [] }));
  for (const { failure } of await sendPast(api, 'Mutating', webhook))
    expect(failure).toMatchObject({
      code: 422,
      message: 'Pod "web" is invalid: spec.containers: Required value',
      details: { causes: [{ reason: 'FieldValueRequired', field: 'spec.containers' }] },
    });
});

const base64 = (value: string): string => Buffer.from(value).toString('base64');
const TYPED = { allowed: true, patchType: 'JSONPatch' };

const UNUSABLE: [string, Json, RegExp][] = [
  ['is no JSON', { ...TYPED, patch: base64('hello') }, /^received undecodable patch in webhook response: /],
  ['is no list', { ...TYPED, patch: base64('{}') }, /^received undecodable patch in webhook response: /],
  ['is not in base64', { ...TYPED, patch: '***' }, /^failed to call webhook: illegal base64 data /],
  [
    'has no type',
    { allowed: true, patch: base64('[{"op":"remove","path":"/spec"}]') },
    /^received invalid webhook response: webhook returned response.patch but not response.patchType$/,
  ],
  [
    'is missing',
    TYPED,
    /^received invalid webhook response: webhook returned response.patchType but not response.patch$/,
  ],
];

for (const [name, verdict, why] of UNUSABLE)
  contract(`a patch that ${name} counts as a failure of the webhook`, forgiving, async (api) => {
    expectFailure(await sendPast(api, 'Mutating', await api.webhook(() => verdict)), why);
  });

contract('a validating webhook may not patch', forgiving, async (api) => {
  const webhook = await api.webhook(() => patching({ op: 'add', path: '/metadata/labels/a', value: 'b' }));
  expectFailure(
    await sendPast(api, 'Validating', webhook),
    'received invalid webhook response: validating webhook may not return response.patch',
  );
});

contract(
  'a webhook with side effects of its own is not taken',
  { behaviour: 'takes it', answer: (answer) => ({ ...answer, status: 201 }) },
  async (api) => {
    const nobody = { url: 'https://127.0.0.1:1', caBundle: '' };
    for (const sideEffects of ['Some', 'Unknown']) {
      const body = configuration('Validating', [entry(nobody, 'nowhere', { sideEffects })]);
      const { status, failure } = await api.post(configurationsOf('Validating'), body);
      expect([status, failure.details?.causes]).toEqual([
        422,
        [
          {
            reason: 'FieldValueNotSupported',
            message: `Unsupported value: "${sideEffects}": supported values: "None", "NoneOnDryRun"`,
            field: 'webhooks[0].sideEffects',
          },
        ],
      ]);
    }
  },
);
