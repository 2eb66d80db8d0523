/** Label and field selectors of lists. */
import { expect } from 'vitest';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  freshNamespace,
  pod,
  podsIn,
} from './harness/contract.ts';
import { agrees, ignoresQuery } from './harness/wrong.ts';

const labelled = async (api: Api) => {
  const path = configMapsIn(await freshNamespace());
  for (const [name, labels] of [
    ['a', { n: '1', odd: 'yes' }],
    ['b', { n: '2' }],
    ['c', { n: '3', odd: 'yes', 'example.com/x': '' }],
  ] as const)
    await api.surePost(path, configMap(name, {}, { labels }));
  return path;
};

const SELECTED: [string, string[]][] = [
  ['n=1', ['a']],
  ['n==1', ['a']],
  ['n!=1,n', ['b', 'c']],
  ['n in (1, 3)', ['a', 'c']],
  ['n notin (1,3),n', ['b']],
  ['odd', ['a', 'c']],
  ['n,!odd', ['b']],
  ['n>1', ['b', 'c']],
  ['n<2', ['a']],
  ['n=1,odd=yes', ['a']],
  ['odd=', []],
  ['example.com/x=', ['c']],
  [' n = 1 ', ['a']],
  ['n in (),odd', []],
];

for (const [labelSelector, expected] of SELECTED)
  contract(
    `the label selector "${labelSelector}" selects ${expected.join(', ') || 'nothing'}`,
    ignoresQuery('does not look at it', 'labelSelector'),
    async (api) => {
      const { items } = await api.sureGet(await labelled(api), { labelSelector });
      expect(items.map(({ metadata }) => metadata.name)).toEqual(expected);
    },
  );

const UNREADABLE: [string, string][] = [
  ['n in (1', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['=1', "found '=', expected: !, identifier, or 'end of string'"],
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['n=1,', "found '', expected: identifier after ','"],
  ['n=a b', "found 'b', expected: ',' or 'end of string'"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
  ['n=(1)', "unable to parse requirement: found '(', expected: identifier"],
  [
    'n>a',
    'unable to parse requirement: values[0]: Invalid value: "a": ' +
      "for 'Gt', 'Lt' operators, the value must be an integer",
  ],
  [
    'n=-bad',
    'unable to parse requirement: values[0][n]: Invalid value: "-bad": a valid label must be an empty string or consist ' +
      "of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. " +
      "'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  ],
  [
    'a/b/c=1',
    'unable to parse requirement: <nil>: Invalid value: "a/b/c": a qualified name must consist of alphanumeric ' +
      "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name', " +
      " or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS " +
      "subdomain prefix and '/' (e.g. 'example.com/MyName')",
  ],
];

for (const [labelSelector, message] of UNREADABLE)
  contract(
    `the label selector "${labelSelector}" is a 400`,
    ignoresQuery('skips what it cannot read', 'labelSelector'),
    async (api) => {
      const { status, failure } = await api.get(configMapsIn(await freshNamespace()), { labelSelector });
      expect(failure).toMatchObject({ status: 'Failure', code: 400, reason: 'BadRequest', message });
      expect(status).toBe(400);
    },
  );

const pods = async (api: Api) => {
  const namespace = await freshNamespace();
  const path = podsIn(namespace);
  await api.surePost(path, pod('once', { spec: { restartPolicy: 'Never' } }));
  await api.surePost(path, pod('waits'));
  await api.surePost(path, pod('runs', { spec: { restartPolicy: 'OnFailure' } }));
  await api.patch('merge', `${path}/runs/status`, { status: { phase: 'Running', podIP: '10.0.0.1' } });
  return { path, namespace };
};

const FIELDS: [string, string[]][] = [
  ['metadata.name=once', ['once']],
  ['metadata.name==once', ['once']],
  ['metadata.name!=once', ['runs', 'waits']],
  ['spec.nodeName!=', []],
  ['spec.nodeName=,metadata.name=once', ['once']],
  ['spec.restartPolicy!=Always', ['once', 'runs']],
  ['spec.restartPolicy!=Always,status.phase=Running', ['runs']],
  ['status.phase=Pending', ['once', 'waits']],
  ['status.phase!=Running,spec.restartPolicy=Always', ['waits']],
  ['spec.schedulerName=nobody,status.podIP=10.0.0.1', ['runs']],
  ['spec.serviceAccountName=default,status.podIP=', ['once', 'waits']],
  ['status.podIPs=10.0.0.1', []],
  ['spec.hostNetwork=false,metadata.name=once', ['once']],
  ['status.nominatedNodeName=,metadata.name=once', ['once']],
  ['metadata.name=a\\,b', []],
];

for (const [fieldSelector, expected] of FIELDS)
  contract(
    `of pods the field selector "${fieldSelector}" selects ${expected.join(', ') || 'none'}`,
    ignoresQuery('does not look at it', 'fieldSelector'),
    async (api) => {
      const { path } = await pods(api);
      const { items } = await api.sureGet(path, { fieldSelector });
      expect(items.map(({ metadata }) => metadata.name)).toEqual(expected);
    },
  );

contract(
  'metadata.namespace selects pods of one namespace out of all',
  ignoresQuery('does not look at it', 'fieldSelector'),
  async (api) => {
    const { namespace } = await pods(api);
    await pods(api);
    const { items } = await api.sureGet('/api/v1/pods', { fieldSelector: `metadata.namespace=${namespace}` });
    expect(items).toHaveLength(3);
  },
);

const PLAIN_ONLY = (field: string) =>
  `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;

const UNSUPPORTED: [string, string, string][] = [
  ['/api/v1/pods', 'spec.priority=1', 'field label not supported: spec.priority'],
  ['/api/v1/pods', 'metadata.uid=1', 'field label not supported: metadata.uid'],
  ['/api/v1/pods', 'metadata.name=a,spec.priority=1', 'field label not supported: spec.priority'],
  ['/api/v1/pods', 'metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
  ['/api/v1/pods', 'metadata.name=a=b', 'invalid field selector: unescaped character in value: 61'],
  ['/api/v1/pods', 'metadata.name=a\\b', 'invalid field selector: invalid escape sequence: \\b'],
  ['/api/v1/configmaps', 'data.a=1', PLAIN_ONLY('data.a')],
  ['/api/v1/secrets', 'data=1', 'field label not supported: data'],
  ['/api/v1/nodes', 'metadata.namespace=a', 'field label not supported: metadata.namespace'],
  ['/apis/batch/v1/jobs', 'spec.suspend=true', 'field label "spec.suspend" not supported for Job'],
  ['/apis/apps/v1/deployments', 'spec.replicas=1', PLAIN_ONLY('spec.replicas')],
  ['/apis/apps/v1/controllerrevisions', 'revision=1', PLAIN_ONLY('revision')],
];

for (const [path, fieldSelector, message] of UNSUPPORTED)
  contract(
    `the field selector "${fieldSelector}" of ${path.split('/').at(-1)} is a 400`,
    agrees('selects everything'),
    async (api) => {
      const { status, failure } = await api.get(path, { fieldSelector });
      expect([status, failure.reason, failure.message]).toEqual([400, 'BadRequest', message]);
    },
  );

const EVENT_FIELDS = [
  'involvedObject.kind=Pod',
  'involvedObject.name=web',
  'involvedObject.uid=1234',
  'involvedObject.apiVersion=v1',
  'involvedObject.fieldPath=spec',
  'involvedObject.kind=Pod,involvedObject.name=web,reason=Started,type=Normal',
  'source=test,reportingComponent=test',
];

for (const fieldSelector of EVENT_FIELDS)
  contract(
    `the field selector "${fieldSelector}" finds the events of an object`,
    ignoresQuery('shows the events of all', 'fieldSelector'),
    async (api) => {
      const namespace = await freshNamespace();
      const path = `/api/v1/namespaces/${namespace}/events`;
      const about = { namespace, kind: 'Pod', name: 'web', uid: '1234', apiVersion: 'v1', fieldPath: 'spec' };
      const event = (name: string, more: object) => ({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name },
        ...more,
      });
      const more = { reason: 'Started', type: 'Normal', source: { component: 'test' } };
      await api.surePost(path, event('mine', { ...more, involvedObject: about, reportingComponent: 'test' }));
      await api.surePost(path, event('other', { involvedObject: { namespace, kind: 'Job', name: 'else' } }));
      const { items } = await api.sureGet(path, { fieldSelector });
      expect(items.map(({ metadata }) => metadata.name)).toEqual(['mine']);
    },
  );

contract(
  'a secret is found by its type',
  ignoresQuery('does not look at it', 'fieldSelector'),
  async (api) => {
    const path = `/api/v1/namespaces/${await freshNamespace()}/secrets`;
    for (const [name, type] of [
      ['a', 'Opaque'],
      ['b', 'example.com/x'],
    ])
      await api.surePost(path, { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type });
    const { items } = await api.sureGet(path, { fieldSelector: 'type=example.com/x' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['b']);
  },
);
