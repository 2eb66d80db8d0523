/** matchConditions: what CEL says about a request, and what becomes of an expression that says nothing. */
import { expect } from 'vitest';
import {
  type Api,
  contract,
  eventually,
  freshName,
  freshNamespace,
  pod,
  podsIn,
  type Sabotage,
} from './harness/contract.ts';
import {
  ALLOWED,
  configuration,
  configurationsOf,
  entry,
  register,
  registers,
  WITHOUT_CONDITIONS,
} from './harness/hooks.ts';

/** A webhook behind conditions. Its server notes which of them it was reached through, by path. */
const startConditioned = async (
  api: Api,
  namespace: string,
  expressions: Record<string, string | string[]>,
  more: object = {},
) => {
  const webhook = await api.webhook(() => ALLOWED);
  const entries = Object.entries(expressions).map(([path, expression]) =>
    entry(webhook, namespace, {
      name: `${path}.example.com`,
      clientConfig: { url: `${webhook.url}/${path}`, caBundle: webhook.caBundle },
      matchConditions: [expression].flat().map((text, index) => ({ name: `c${index}`, expression: text })),
      ...more,
    }),
  );
  await register(api, { kind: 'Validating', namespace }, entries);
  const reached = () =>
    [...new Set(webhook.calls.splice(0).map((call) => call.slice(1).replace(/\?.*/, '')))].sort();
  reached();
  return reached;
};

/** Expressions that hold for the request, and such that do not. */
interface Verdicts {
  hold: string[];
  not: string[];
}

const keyed = ({ hold, not }: Verdicts): Record<string, string> =>
  Object.fromEntries([
    ...hold.map((expression, index) => [`hold-${index}`, expression]),
    ...not.map((expression, index) => [`not-${index}`, expression]),
  ]);

type Act = (api: Api, path: string) => Promise<unknown>;

const CASES: [string, Act, Verdicts][] = [
  [
    'a create',
    (api, path) =>
      api.surePost(
        path,
        pod('web', { metadata: { labels: { a: 'b' }, annotations: { 'x.example/y': 'z' } } }),
      ),
    {
      hold: [
        'true',
        'oldObject == null',
        "request.operation == 'CREATE'",
        "request.resource.resource == 'pods' && request.kind.group == ''",
        '!has(request.subResource)',
        "request.name == 'web'",
        'has(request.dryRun) && !request.dryRun',
        "request.options.kind == 'CreateOptions'",
        "'system:masters' in request.userInfo.groups",
        '!has(request.userInfo.extra)',
        "object.kind == 'Pod' && object.apiVersion == 'v1'",
        '!has(object.metadata.resourceVersion) && has(object.metadata.uid)',
        "object.metadata.?labels[?'a'].orValue('') == 'b'",
        'object.?nope.?more.orValue(1) == 1',
        "'x.example/y' in object.metadata.annotations",
        "object.metadata.annotations['x.example/y'] == 'z'",
        'object.spec.terminationGracePeriodSeconds == 30 && object.spec.terminationGracePeriodSeconds == 30.0',
        "object.spec.containers.map(c, c.name) == ['main'] && object.spec.containers.size() == 1",
        "object.metadata.labels.exists(k, k == 'a') && object.metadata.labels.all(k, k == 'a')",
        "object.metadata.name.startsWith('w') && object.metadata.name.endsWith('b') && 'web'.contains('e')",
        "object.metadata.name in ['web', 'other']",
        'object.nope == 1 || true',
        '[object, oldObject].exists(o, o != null && has(o.metadata.labels))',
        "object.spec.containers.filter(c, c.image == 'nginx:1').size() == 1",
        "object.spec.containers.exists_one(c, c.name == 'main')",
        'object.?nope.or(object.?metadata).hasValue()',
        '!optional.none().hasValue() && optional.of(1).value() == 1',
        'dyn(1) == 1.0',
        "object.metadata.name.matches('^[[:alpha:]]+$') && 'AÉ'.lowerAscii() == 'aÉ'",
      ],
      not: [
        'false',
        'object == null',
        'has(request.subResource)',
        'request.dryRun',
        'object.metadata.name == 1',
        "'nope' in object.metadata.labels",
        'has(object.nope) && object.nope.x == 1',
        'object.nope == 1 && false',
        "object.spec.containers.exists(c, has(c.env) && c.env.exists(e, e.name == 'A'))",
        "object.spec.containers.exists(c, c.name == 'other')",
        '[object, oldObject].all(o, has(o.metadata))',
      ],
    },
  ],
  [
    'a create with generateName',
    (api, path) => api.surePost(path, { ...pod('x'), metadata: { generateName: 'web-' } }, { dryRun: 'All' }),
    { hold: ['has(request.name)', 'request.dryRun', "request.name != 'web-'"], not: ["request.name == ''"] },
  ],
  [
    'a write of the status',
    async (api, path) => {
      await api.patch('merge', `${path}/old/status`, { status: { phase: 'Running' } });
    },
    {
      hold: [
        "has(request.subResource) && request.subResource == 'status'",
        "object.status.phase == 'Running' && oldObject.status.phase == 'Pending'",
        "object.?status.?phase.orValue('') != oldObject.?status.?phase.orValue('')",
        'object.?status.?containerStatuses.orValue([]) == oldObject.?status.?containerStatuses.orValue([])',
        'object.spec.containers == oldObject.spec.containers',
        'object != oldObject',
        'object.metadata.resourceVersion == oldObject.metadata.resourceVersion',
        "object.?status.?conditions.orValue([]).exists(c, c.type == 'Ready' && c.status == 'True') == false",
      ],
      not: ["request.operation == 'CREATE'", 'object.status == oldObject.status'],
    },
  ],
  [
    'a deletion',
    (api, path) => api.remove(`${path}/old`),
    {
      hold: [
        'object == null',
        "oldObject.metadata.name == 'old'",
        '!has(object.metadata)',
        "(request.operation == 'DELETE' ? [oldObject] : [object]).exists(o, o.metadata.name == 'old')",
      ],
      not: ['oldObject == null', 'has(object.metadata)'],
    },
  ],
];

for (const [name, act, verdicts] of CASES)
  contract(
    `on ${name} the conditions that hold let it through, and the others do not`,
    WITHOUT_CONDITIONS,
    async (api) => {
      const namespace = await freshNamespace();
      const path = podsIn(namespace);
      await api.surePost(path, pod('old'));
      const reached = await startConditioned(api, namespace, keyed(verdicts));
      await act(api, path);
      expect(reached()).toEqual(verdicts.hold.map((_, index) => `hold-${index}`).sort());
    },
  );

const ERRORS: [string, string][] = [
  ['object.nope == 1', 'no such key: nope'],
  ["object.metadata.labels['nope'] == 'a'", 'no such key: nope'],
  ["object.spec.containers.exists(c, c.env.exists(e, e.name == 'A'))", 'no such key: env'],
  ['has(object.metadata.nope.more)', 'no such key: nope'],
  ["request.subResource == 'status'", 'no such key: subResource'],
  ["oldObject.metadata.name == 'a'", 'no such key: metadata'],
  ["namespaceObject.metadata.name == 'a'", 'no such key: metadata'],
  ['object.metadata.labels.a + 1 == 2', 'no such overload'],
  ['object.spec.containers[5].name == "a"', 'index out of bounds: 5'],
  ['1 / 0 == 1', 'division by zero'],
];

const ignoring = registers('forgives what is not to be ignored', (webhook) => {
  webhook['failurePolicy'] = 'Ignore';
});

contract(
  'a condition that can not be evaluated refuses the request under Fail, with the reason',
  ignoring,
  async (api) => {
    const namespace = await freshNamespace();
    const path = podsIn(namespace);
    const labels = Object.fromEntries(ERRORS.map((_, index) => [`error-${index}`, 'yes']));
    const webhook = await api.webhook(() => ALLOWED);
    const entries = ERRORS.map(([expression], index) =>
      entry(webhook, namespace, {
        name: `error-${index}.example.com`,
        objectSelector: { matchLabels: { [`error-${index}`]: 'yes' } },
        matchConditions: [{ name: 'c', expression }],
      }),
    );
    await register(api, { kind: 'Validating', namespace }, entries);
    expect(Object.keys(labels)).toHaveLength(ERRORS.length);
    for (const [index, [expression, why]] of ERRORS.entries()) {
      const metadata = { labels: { a: 'b', [`error-${index}`]: 'yes' } };
      const { failure } = await api.post(path, pod('web', { metadata }), { dryRun: 'All' });
      expect(failure).toMatchObject({
        code: 403,
        reason: 'Forbidden',
        message: `pods "web" is forbidden: expression '${expression}' resulted in error: ${why}`,
        details: { name: 'web', kind: 'pods' },
      });
    }
    expect(webhook.reviews).toEqual([]);
  },
);

contract(
  'errors of several conditions are told together, and one that is false outweighs them',
  ignoring,
  async (api) => {
    const namespace = await freshNamespace();
    const webhook = await api.webhook(() => ALLOWED);
    const conditions = (...expressions: string[]) =>
      expressions.map((expression, index) => ({ name: `c${index}`, expression }));
    await register(api, { kind: 'Mutating', namespace }, [
      entry(webhook, namespace, {
        name: 'two.example.com',
        objectSelector: { matchLabels: { two: 'yes' } },
        matchConditions: conditions('true', 'object.a == 1', 'object.b == 1'),
      }),
      entry(webhook, namespace, {
        name: 'false.example.com',
        matchConditions: conditions('object.a == 1', 'false'),
      }),
    ]);
    const path = podsIn(namespace);
    expect((await api.post(path, pod('web'))).status).toBe(201);
    const labelled = { ...pod('x'), metadata: { generateName: 'web-', labels: { two: 'yes' } } };
    expect((await api.post(path, labelled)).failure).toMatchObject({
      code: 403,
      message:
        `pods is forbidden: [expression 'object.a == 1' resulted in error: no such key: a, ` +
        `expression 'object.b == 1' resulted in error: no such key: b]`,
    });
    expect(webhook.reviews).toEqual([]);
  },
);

contract(
  'a condition that can not be evaluated passes the webhook over under Ignore, silently',
  WITHOUT_CONDITIONS,
  async (api) => {
    const namespace = await freshNamespace();
    const more = { failurePolicy: 'Ignore' };
    const reached = await startConditioned(
      api,
      namespace,
      { broken: 'object.nope == 1', whole: 'true', two: ['true', 'object.nope == 1'] },
      more,
    );
    expect((await api.post(podsIn(namespace), pod('web'))).status).toBe(201);
    expect(reached()).toEqual(['whole']);
  },
);

const accepting: Sabotage = {
  behaviour: 'takes every condition',
  answer: (answer, { path }) =>
    path.includes('webhookconfigurations') ? { ...answer, status: 201 } : answer,
};

const refusal = async (api: Api, matchConditions: object[]) => {
  const webhook = { url: 'https://127.0.0.1:1', caBundle: '' };
  const body = configuration(
    'Validating',
    [entry(webhook, 'nowhere', { matchConditions })],
    freshName('refused'),
  );
  return api.post(configurationsOf('Validating'), body);
};

const FIELD = 'webhooks[0].matchConditions[0]';

contract(
  'an expression that does not compile is refused by its field, with the place of the mistake',
  accepting,
  async (api) => {
    const wrong: [string, string][] = [
      ['1', 'must evaluate to bool but got int'],
      ['object', 'must evaluate to bool but got dyn'],
      ['request.operation', 'must evaluate to bool but got string'],
      ['has(object.x) ? object.x : false', 'must evaluate to bool but got dyn'],
      [
        'nope',
        "compilation failed: ERROR: <input>:1:1: undeclared reference to 'nope' (in container '')\n | nope\n | ^",
      ],
      [
        'true\n&& nope',
        "compilation failed: ERROR: <input>:2:4: undeclared reference to 'nope' (in container '')\n | && nope\n | ...^",
      ],
      [
        'request.nope',
        "compilation failed: ERROR: <input>:1:8: undefined field 'nope'\n | request.nope\n | .......^",
      ],
      [
        'object.foo(1)',
        "compilation failed: ERROR: <input>:1:11: undeclared reference to 'foo' (in container '')\n | object.foo(1)\n | ..........^",
      ],
      [
        'object.x.matches("[")',
        'compilation failed: ERROR: <input>:1:18: invalid matches argument\n | object.x.matches("[")\n | .................^',
      ],
      [
        'request.object',
        "compilation failed: ERROR: <input>:1:8: undefined field 'object'\n | request.object\n | .......^",
      ],
    ];
    for (const [expression, why] of wrong) {
      const { status, failure } = await refusal(api, [{ name: 'c', expression }]);
      expect([status, failure.details?.causes]).toEqual([
        422,
        [
          {
            reason: 'FieldValueInvalid',
            message: `Invalid value: ${JSON.stringify(expression)}: ${why}`,
            field: `${FIELD}.expression`,
          },
        ],
      ]);
    }
    for (const expression of [
      'object.',
      '1 +',
      'request.operation == 1',
      '1 == 1.0',
      '"a" && true',
      '!1',
      "[1, 'a'] == [1]",
      'foo(object)',
      'object.foo()',
      'has(object)',
      'cel.bind(x, 1, x == 1)',
      'request.all(x, true)',
    ]) {
      const { status, failure } = await refusal(api, [{ name: 'c', expression }]);
      expect([status, failure.details?.causes?.[0]?.field], expression).toEqual([422, `${FIELD}.expression`]);
    }
  },
);

contract('a condition needs a name of its own and an expression', accepting, async (api) => {
  const refused: [object[], object][] = [
    [
      [{ name: 'c', expression: ' ' }],
      { reason: 'FieldValueRequired', message: 'Required value', field: `${FIELD}.expression` },
    ],
    [
      [{ expression: 'true' }],
      { reason: 'FieldValueRequired', message: 'Required value', field: `${FIELD}.name` },
    ],
    [
      [{ name: 'a b', expression: 'true' }],
      {
        reason: 'FieldValueInvalid',
        message:
          `Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start ` +
          `and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for ` +
          `validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        field: `${FIELD}.name`,
      },
    ],
    [
      ['c', 'c'].map((name) => ({ name, expression: 'true' })),
      {
        reason: 'FieldValueDuplicate',
        message: 'Duplicate value: "c"',
        field: 'webhooks[0].matchConditions[1].name',
      },
    ],
    [
      Array.from({ length: 65 }, (_, index) => ({ name: `c${index}`, expression: 'true' })),
      {
        reason: 'FieldValueTooMany',
        message: 'Too many: 65: must have at most 64 items',
        field: 'webhooks[0].matchConditions',
      },
    ],
  ];
  for (const [conditions, cause] of refused) {
    const { status, failure } = await refusal(api, conditions);
    expect([status, failure.details?.causes]).toEqual([422, [cause]]);
  }
});

contract(
  'a configuration can be given other conditions',
  {
    behaviour: 'keeps the old ones',
    request: (request) => (request.method === 'PATCH' ? { ...request, body: {} } : request),
  },
  async (api) => {
    const namespace = await freshNamespace();
    const name = freshName('changing');
    const webhook = await api.webhook(() => ALLOWED);
    const conditions = (expression: string) =>
      entry(webhook, namespace, { matchConditions: [{ name: 'c', expression }] });
    await register(api, { kind: 'Validating', namespace, name }, [conditions('false')]);
    const path = podsIn(namespace);
    await api.surePost(path, pod('web'), { dryRun: 'All' });
    expect(webhook.reviews).toEqual([]);
    await api.patch('merge', `${configurationsOf('Validating')}/${name}`, { webhooks: [conditions('true')] });
    await eventually(async () => {
      await api.surePost(path, pod('web'), { dryRun: 'All' });
      return webhook.reviews.length > 0;
    });
  },
);
