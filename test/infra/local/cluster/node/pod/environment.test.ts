import { expect, it } from 'vitest';
import {
  environmentOf,
  environmentSources,
  expand,
} from '../../../../../../infra/local/cluster/node/pod/environment.ts';
import type { Container, EnvVar, Pod } from '../../../../../../shared/model/kubernetes.ts';

const pod: Pod = {
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'u-1',
    labels: { 'ilogtail-tag': 'blue', app: 'web' },
    annotations: { note: 'a "b"' },
  },
  spec: { containers: [], nodeName: 'local-node', serviceAccountName: 'default' },
};
const payloads: Record<string, Record<string, string>> = {
  'ConfigMap settings': { level: 'debug', 'a.b': 'dotted' },
  'Secret keys': { token: 's3cret' },
};

const resolve = (container: Partial<Container>) =>
  environmentOf({
    pod,
    container: { name: 'c', ...container },
    address: { podIp: '10.244.0.9', hostIp: '127.0.0.1' },
    payload: ({ kind, name }) => {
      const found = payloads[`${kind} ${name}`];
      return found && new Map(Object.entries(found).map(([key, value]) => [key, Buffer.from(value)]));
    },
  });

const field = (fieldPath: string): EnvVar[] => [{ name: 'X', valueFrom: { fieldRef: { fieldPath } } }];

it.each<[string, string]>([
  ['metadata.name', 'web'],
  ['metadata.namespace', 'shop'],
  ['metadata.uid', 'u-1'],
  ["metadata.labels['ilogtail-tag']", 'blue'],
  ["metadata.labels['missing']", ''],
  ["metadata.labels['constructor']", ''],
  ["metadata.annotations['note']", 'a "b"'],
  ['metadata.annotations', 'note="a \\"b\\""'],
  ['metadata.labels', 'app="web"\nilogtail-tag="blue"'],
  ['spec.nodeName', 'local-node'],
  ['spec.serviceAccountName', 'default'],
  ['status.podIP', '10.244.0.9'],
  ['status.hostIP', '127.0.0.1'],
])('the field %s is %j', (path, value) => {
  expect(resolve({ env: field(path) })).toEqual({ kind: 'ready', variables: { X: value } });
});

it.each<[string, Partial<Container>, Record<string, string>]>([
  [
    'a later variable of the same name wins',
    {
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    },
    { A: '2' },
  ],
  ['a variable without a value is empty', { env: [{ name: 'A' }] }, { A: '' }],
  [
    'a value uses what stands before it, not after',
    {
      env: [
        { name: 'A', value: '$(B)' },
        { name: 'B', value: 'b' },
        { name: 'C', value: '<$(B)>' },
      ],
    },
    { A: '$(B)', B: 'b', C: '<b>' },
  ],
  [
    'keys of a ConfigMap and a Secret',
    {
      env: [
        { name: 'L', valueFrom: { configMapKeyRef: { name: 'settings', key: 'level' } } },
        { name: 'T', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
      ],
    },
    { L: 'debug', T: 's3cret' },
  ],
  [
    'optional sources that are missing leave their variable out',
    {
      env: [
        { name: 'L', valueFrom: { configMapKeyRef: { name: 'settings', key: 'none', optional: true } } },
        { name: 'T', valueFrom: { secretKeyRef: { name: 'none', key: 'token', optional: true } } },
      ],
      envFrom: [{ configMapRef: { name: 'none', optional: true } }],
    },
    {},
  ],
  [
    'env wins over envFrom, whose keys get the prefix',
    {
      env: [{ name: 'P_level', value: 'mine' }],
      envFrom: [{ prefix: 'P_', configMapRef: { name: 'settings' } }],
    },
    { P_level: 'mine', 'P_a.b': 'dotted' },
  ],
])('%s', (_, container, variables) => {
  expect(resolve(container)).toEqual({ kind: 'ready', variables });
});

const keyRef = (name: string, key: string): EnvVar[] => [
  { name: 'X', valueFrom: { configMapKeyRef: { name, key } } },
];

it.each<[Partial<Container>, string]>([
  [{ env: keyRef('settings', 'p_0') }, "couldn't find key p_0 in ConfigMap shop/settings"],
  [{ env: keyRef('web-barrier', 'p_0') }, 'configmap "web-barrier" not found'],
  [{ envFrom: [{ secretRef: { name: 'none' } }] }, 'secret "none" not found'],
])('%j waits in the words of the kubelet', (container, message) => {
  expect(resolve(container)).toEqual({ kind: 'unready', reason: 'CreateContainerConfigError', message });
});

it.each<[EnvVar[], string]>([
  [field('spec.tolerations'), 'fieldRef spec.tolerations'],
  [[{ name: 'X', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }], 'resourceFieldRef'],
])('%j is refused by name', (env, named) => {
  expect(resolve({ env })).toMatchObject({
    reason: 'NotSupported',
    message: `${named} of the variable X is not supported by the local node`,
  });
});

it.each([
  ['$(A)', 'x'],
  ['$$(A)', '$(A)'],
  ['$(B)', '$(B)'],
  ['$A $(A', '$A $(A'],
])('%s expands to %s', (text, expected) => {
  expect(expand(text, { A: 'x' })).toBe(expected);
});

it('names every ConfigMap and Secret that is used', () => {
  const env = keyRef('settings', 'level');
  expect(environmentSources({ name: 'c', env, envFrom: [{ secretRef: { name: 'keys' } }] })).toEqual([
    { kind: 'Secret', name: 'keys' },
    { kind: 'ConfigMap', name: 'settings' },
  ]);
});
