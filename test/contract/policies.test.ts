/** ValidatingAdmissionPolicies. Each case has one of its own, which is about ConfigMaps of its own namespace. */
import { expect } from 'vitest';
import { type Answer, type Json, removeAtEnd, server } from './harness/api.ts';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  eventually,
  freshName,
  freshNamespace,
  pod,
  podsIn,
  type Sabotage,
} from './harness/contract.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const POLICIES = `${GROUP}/validatingadmissionpolicies`;
const BINDINGS = `${GROUP}/validatingadmissionpolicybindings`;

/** Without a binding a policy is in force for nobody. */
const BLIND: Sabotage = {
  behaviour: 'evaluates no policy',
  request: (request) =>
    request.path === BINDINGS ? { ...request, query: { ...request.query, dryRun: 'All' } } : request,
};

interface Setting {
  /** Name of the policy and of its binding. */
  name: string;
  namespace: string;
}

const ON_CONFIG_MAPS = { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] };

const bindPolicy = async (
  api: Api,
  spec: Json,
  rule: Json = ON_CONFIG_MAPS,
  binding: Json = {},
): Promise<Setting> => {
  const name = freshName('policy');
  const namespace = await freshNamespace();
  const matchConstraints = {
    resourceRules: [rule],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  };
  await api.surePost(POLICIES, { metadata: { name }, spec: { matchConstraints, ...spec } });
  removeAtEnd(`${POLICIES}/${name}`);
  await api.surePost(BINDINGS, {
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'], ...binding },
  });
  removeAtEnd(`${BINDINGS}/${name}`);
  return { name, namespace };
};

/** A real API server takes a policy up within a second or so: the probe is sent until it is denied. */
const untilInForce = async (
  probe: () => Promise<Answer>,
  isDenied = ({ status }: Answer) => status >= 400,
) => {
  if (server.kind === 'real') await eventually(async () => isDenied(await probe()));
};

const post = (api: Api, { namespace }: Setting, data: Json | undefined, name = 'x') =>
  api.post(configMapsIn(namespace), configMap(name, data), { dryRun: 'All' });

const denied = ({ name }: Setting, why: string): string =>
  `ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request: ${why}`;

for (const [reason, code] of [
  ['Forbidden', 403],
  ['Invalid', 422],
  ['RequestEntityTooLarge', 413],
  [undefined, 422],
] as const)
  contract(`denies with a ${code} for the reason ${reason ?? 'that is not given'}`, BLIND, async (api) => {
    const validation = { expression: "object.data.a == '1'", message: 'a must be 1', reason };
    const setting = await bindPolicy(api, { validations: [validation] });
    await untilInForce(() => post(api, setting, { a: '2' }));
    const { status, failure } = await post(api, setting, { a: '2' });
    const message = denied(setting, 'a must be 1');
    expect(status).toBe(code);
    expect(failure).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `configmaps "x" is forbidden: ${message}`,
      reason: reason ?? 'Invalid',
      details: { name: 'x', kind: 'configmaps', causes: [{ message }] },
      code,
    });
    expect((await post(api, setting, { a: '1' })).status).toBe(201);
  });

const WHY: [what: string, spec: Json, data: Json | undefined, why: string][] = [
  [
    'names the expression where there is no message',
    { validations: [{ expression: "object.data.a == '1'" }] },
    { a: '2' },
    `failed expression: object.data.a == '1'`,
  ],
  [
    'says the first of several',
    {
      validations: [
        { expression: 'true' },
        { expression: '1 == 2', message: 'b' },
        { expression: 'false', message: 'c' },
      ],
    },
    {},
    'b',
  ],
  [
    'counts a fault as a denial',
    { validations: [{ expression: "object.data.b == '1'", reason: 'Forbidden' }] },
    { a: '1' },
    `expression 'object.data.b == "1"' resulted in error: no such key: b`.replaceAll('"', "'"),
  ],
  [
    'counts a variable that can not be told as a denial',
    {
      variables: [{ name: 'b', expression: 'object.data.b' }],
      validations: [{ expression: 'variables.b == 1', message: 'b' }],
    },
    { a: '1' },
    `expression 'variables.b == 1' resulted in error: composited variable "b" fails to evaluate: no such key: b`,
  ],
  [
    'counts a pattern that is none as a denial',
    { validations: [{ expression: 'object.data.a.matches(object.data.a)' }] },
    { a: '[' },
    "expression 'object.data.a.matches(object.data.a)' resulted in error: error parsing regexp: missing closing ]: `[`",
  ],
  [
    'reads letters and patterns as Go does',
    {
      validations: [
        {
          expression: "!(object.data.a.lowerAscii() == 'aÉ' && object.data.a.matches('^(?i)[[:alpha:]]É$'))",
          message: 'as Go does',
        },
      ],
    },
    { a: 'AÉ' },
    'as Go does',
  ],
  [
    'tells the faults of several conditions, each once',
    {
      matchConditions: ['object.b == 1', 'object.c == 1', 'object.b == 1'].map((expression, index) => ({
        name: `c${index}`,
        expression,
      })),
      validations: [{ expression: 'true' }],
    },
    {},
    "[expression 'object.b == 1' resulted in error: no such key: b, " +
      "expression 'object.c == 1' resulted in error: no such key: c]",
  ],
  [
    'knows its variables, one from the other',
    {
      variables: [
        { name: 'data', expression: 'has(object.data) ? object.data : {}' },
        { name: 'keys', expression: 'variables.data.map(key, key)' },
      ],
      validations: [{ expression: "variables.keys.all(key, key.matches('^p_[0-9]+$'))", message: 'bad key' }],
    },
    { p_1: 'x', q: 'y' },
    'bad key',
  ],
  [
    'takes a variable for what it is',
    {
      variables: [
        { name: 'none', expression: '[]' },
        { name: 'user', expression: 'request.userInfo' },
        { name: 'empty', expression: "has(object.data) ? object.data : {'a': 'b'}" },
        { name: 'allowed', expression: "size(variables.none) == 1 || variables.user.username == ''" },
      ],
      validations: [{ expression: 'variables.allowed', message: 'not allowed' }],
    },
    {},
    'not allowed',
  ],
  [
    'sees the request, its user and the namespace',
    {
      validations: [
        {
          expression:
            "!(request.operation == 'CREATE' && request.resource.resource == 'configmaps' && request.dryRun && " +
            "'system:masters' in request.userInfo.groups && request.namespace == namespaceObject.metadata.name && " +
            'oldObject == null)',
          message: 'all seen',
        },
      ],
    },
    {},
    'all seen',
  ],
];

for (const [what, spec, data, why] of WHY)
  contract(`${what}`, BLIND, async (api) => {
    const setting = await bindPolicy(api, spec);
    await untilInForce(() => post(api, setting, data));
    expect((await post(api, setting, data)).failure.details?.causes).toEqual([
      { message: denied(setting, why) },
    ]);
  });

contract('judges only what its conditions let through', BLIND, async (api) => {
  const setting = await bindPolicy(api, {
    matchConditions: [
      { name: 'other-names', expression: "object.metadata.name != 'free'" },
      { name: 'faulty', expression: "object.metadata.name == 'free' ? object.nothing == 1 : true" },
    ],
    validations: [{ expression: 'false' }],
  });
  await untilInForce(() => post(api, setting, {}));
  expect((await post(api, setting, {})).status).toBe(422);
  expect((await post(api, setting, {}, 'free')).status).toBe(201);
});

contract('compares an update with what was there', BLIND, async (api) => {
  const setting = await bindPolicy(api, {
    validations: [
      {
        expression:
          'oldObject == null || dyn(object.metadata).all(key, key in ["labels", "managedFields", "resourceVersion"] || ' +
          '(key in dyn(oldObject.metadata) && dyn(object.metadata)[key] == dyn(oldObject.metadata)[key]))',
      },
    ],
  });
  const path = `${configMapsIn(setting.namespace)}/x`;
  await api.surePost(configMapsIn(setting.namespace), configMap('x'));
  const annotate = () =>
    api.patch('merge', path, { metadata: { annotations: { a: 'b' } } }, { dryRun: 'All' });
  await untilInForce(annotate);
  expect((await annotate()).status).toBe(422);
  expect((await api.patch('merge', path, { metadata: { labels: { a: 'b' } } })).status).toBe(200);
});

contract('judges a deletion by what is deleted', BLIND, async (api) => {
  const setting = await bindPolicy(api, {
    validations: [{ expression: "object != null || oldObject.metadata.name != 'kept'", reason: 'Forbidden' }],
  });
  const collection = configMapsIn(setting.namespace);
  for (const name of ['kept', 'other']) await api.surePost(collection, configMap(name));
  await untilInForce(() => api.remove(`${collection}/kept`, undefined, { dryRun: 'All' }));
  expect((await api.remove(`${collection}/kept`)).status).toBe(403);
  expect((await api.remove(`${collection}/other`)).status).toBe(200);
});

contract('judges a command before it looks for the node', BLIND, async (api) => {
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] };
  const expression = "object.command == ['ls', '-l'] && object.container == 'main' && !has(object.stdin)";
  const setting = await bindPolicy(api, { validations: [{ expression, reason: 'Forbidden' }] }, rule);
  await api.surePost(podsIn(setting.namespace), pod('x'));
  const exec = (query: string) =>
    api.send({
      method: 'GET',
      path: `${podsIn(setting.namespace)}/x/exec?stdout=true&container=main&${query}`,
      query: {},
      headers: {},
    });
  await untilInForce(
    () => exec('command=env'),
    ({ status }) => status === 403,
  );
  expect((await exec('command=env')).status).toBe(403);
  expect((await exec('command=ls&command=-l')).status).toBe(400);
});

contract('warns where the binding says so', BLIND, async (api) => {
  const validations = [{ expression: 'false', message: 'odd' }];
  const setting = await bindPolicy(api, { validations }, ON_CONFIG_MAPS, {
    validationActions: ['Warn', 'Audit'],
  });
  const warning = async () => (await post(api, setting, {})).headers['warning'];
  await untilInForce(
    () => post(api, setting, {}),
    ({ headers }) => headers['warning'] !== undefined,
  );
  const { name } = setting;
  expect(await warning()).toBe(
    `299 - "Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${name}': odd"`,
  );
});

contract('lets a fault pass where the policy ignores it', BLIND, async (api) => {
  const setting = await bindPolicy(api, {
    failurePolicy: 'Ignore',
    validations: [{ expression: 'object.nothing == 1' }, { expression: "object.metadata.name != 'bad'" }],
  });
  await untilInForce(() => post(api, setting, {}, 'bad'));
  expect((await post(api, setting, {}, 'bad')).status).toBe(422);
  expect((await post(api, setting, {})).status).toBe(201);
});

const LENIENT: Sabotage = {
  behaviour: 'takes it all the same',
  answer: (answer) => ({ ...answer, status: 201 }),
};

const matchConstraints = { resourceRules: [ON_CONFIG_MAPS] };

const INVALID: [what: string, path: string, spec: Json, fields: string[]][] = [
  [
    'a policy of nothing',
    POLICIES,
    {},
    ['spec.matchConstraints', 'spec.validations', 'spec.auditAnnotations'],
  ],
  [
    'expressions that are none',
    POLICIES,
    {
      matchConstraints,
      validations: [{ expression: 'nobody' }, { expression: 'object.x ++ 1' }, { expression: '' }],
    },
    ['spec.validations[0].expression', 'spec.validations[1].expression', 'spec.validations[2].expression'],
  ],
  [
    'functions and patterns that are none',
    POLICIES,
    {
      matchConstraints,
      validations: [{ expression: 'foo(object)' }, { expression: "object.x.matches('[')" }],
    },
    ['spec.validations[0].expression', 'spec.validations[1].expression'],
  ],
  [
    'expressions that may be no bool',
    POLICIES,
    {
      matchConstraints,
      matchConditions: [{ name: 'a', expression: 'object.metadata.name' }],
      validations: [{ expression: '1' }, { expression: 'true ? object.a : true' }],
    },
    [
      'spec.matchConditions[0].expression',
      'spec.validations[0].expression',
      'spec.validations[1].expression',
    ],
  ],
  [
    'variables that come later, or never',
    POLICIES,
    {
      matchConstraints,
      variables: [
        { name: 'a', expression: 'variables.b' },
        { name: 'b', expression: '1' },
      ],
      validations: [{ expression: 'variables.c == 1' }],
    },
    ['spec.variables[0].expression', 'spec.validations[0].expression'],
  ],
  [
    'variables of another type, and such that are not there yet',
    POLICIES,
    {
      matchConstraints,
      variables: [
        { name: 'user', expression: 'request.userInfo' },
        { name: 'one', expression: '1' },
      ],
      matchConditions: [{ name: 'early', expression: 'variables.one == 1' }],
      validations: [{ expression: 'variables.one == true' }, { expression: 'variables.user.nope == 1' }],
    },
    ['spec.matchConditions[0].expression', 'spec.validations[0].expression'],
  ],
  [
    'a condition without a name',
    POLICIES,
    { matchConstraints, matchConditions: [{ expression: 'true' }], validations: [{ expression: 'true' }] },
    ['spec.matchConditions[0].name'],
  ],
  [
    'another reason',
    POLICIES,
    { matchConstraints, validations: [{ expression: 'true', reason: 'Because' }] },
    ['spec.validations[0].reason'],
  ],
  ['a binding of nothing', BINDINGS, {}, ['spec.policyName', 'spec.validationActions']],
  [
    'another action',
    BINDINGS,
    { policyName: 'x', validationActions: ['Shout'] },
    ['spec.validationActions[0]'],
  ],
  [
    'a binding that says it twice',
    BINDINGS,
    { policyName: 'x', validationActions: ['Deny', 'Warn'] },
    ['spec.validationActions'],
  ],
];

for (const [what, path, spec, fields] of INVALID)
  contract(`refuses ${what}`, LENIENT, async (api) => {
    const { status, failure } = await api.post(path, { metadata: { name: freshName('invalid') }, spec });
    expect(status).toBe(422);
    expect(failure.details.causes?.map(({ field }) => field)).toEqual(fields);
  });
