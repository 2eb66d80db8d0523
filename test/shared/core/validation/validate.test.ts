import { expect, it } from 'vitest';
import { withDefaults } from '../../../../shared/core/validation/defaults.ts';
import { validateUpdate } from '../../../../shared/core/validation/immutable.ts';
import { readSidecarSet } from '../../../../shared/core/validation/read.ts';
import { validateSidecarSet } from '../../../../shared/core/validation/validate.ts';
import { sha256Hex } from '../../../../shared/io/digest.ts';

const KRUISE = 'apps.kruise.io/sidecarset';
const NATIVE_OR_NOT = 'serverless.sidecarset.io/strategy';

const valid = {
  metadata: { name: 'set' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    containers: [{ name: 'a', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', emptyDir: {} }],
  },
};

const spec = (changes: object): object => ({ ...valid, spec: { ...valid.spec, ...changes } });
const container = (changes: object): object => spec({ containers: [{ name: 'a', image: 'i', ...changes }] });
const strategy = (updateStrategy: object): object => spec({ updateStrategy });

const strategyIs = (word: string): object => ({
  ...valid,
  metadata: { name: 'set', annotations: { [NATIVE_OR_NOT]: word } },
});

const NULLS = {
  updateStrategy: null,
  injectionStrategy: { revision: null },
  containers: [{ name: 'a', image: 'i', shareVolumePolicy: null }],
  volumes: [{ name: 'v', emptyDir: null }],
};

/** Reads, defaults and validates, as the two webhooks do; the refused fields. */
const refused = (object: object): (string | undefined)[] => {
  const read = readSidecarSet(object);
  const causes =
    read.kind === 'refused' ? read.causes : validateSidecarSet(withDefaults(read.set, sha256Hex), compile);
  return causes.map(({ field }) => field);
};

it.each<[string, object]>([
  ['as OpenKruise wants it', valid],
  ['with upper case in its name', { ...valid, metadata: { name: 'Set' } }],
  ['with amounts of zero and more than all', strategy({ partition: '0%', maxUnavailable: '101%' })],
  ['with amounts that NotUpdate never reads', strategy({ type: 'NotUpdate', partition: '5' })],
  ['with a type that acts as RollingUpdate', strategy({ type: 'Else' })],
  ['with init containers only', spec({ containers: [], initContainers: [{ name: 'i', image: 'i' }] })],
  ['with unknown container fields', container({ restartPolicyRules: [] })],
  ['with nulls, which count as absent', container({ env: null, resources: null, livenessProbe: null })],
  ['with nulls in the spec', spec(NULLS)],
  ['with the default forms of what is not supported', container({ transferEnv: [], resourcesPolicy: null })],
  ['with the strategy native', strategyIs('native')],
  ['with the strategy compatible', strategyIs('compatible')],
  ['with partition and selector', strategy({ selector: { matchLabels: { a: 'b' } }, partition: 90 })],
  [
    'with priorities by weight',
    strategy({
      priorityStrategy: { weightPriority: [{ weight: 0, matchSelector: { matchLabels: { a: 'b' } } }] },
    }),
  ],
  ['with priorities by order', strategy({ priorityStrategy: { orderPriority: [{ orderedKey: 'a' }] } })],
  [
    'with scattering, one key with two values',
    strategy({
      scatterStrategy: [
        { key: 'a', value: 'b' },
        { key: 'a', value: 'c' },
      ],
    }),
  ],
  [
    'with a named revision',
    spec({ injectionStrategy: { revision: { revisionName: 'r', policy: 'Partial' } } }),
  ],
  [
    'with an unknown patchPolicy',
    spec({ patchPodMetadata: [{ annotations: { a: 'b' }, patchPolicy: 'Sometimes' }] }),
  ],
  ['with annotation keys in upper case', spec({ patchPodMetadata: [{ annotations: { 'A.com/B': 'b' } }] })],
  [
    'with native sidecars that are never updated',
    spec({
      initContainers: [{ name: 'i', image: 'i', restartPolicy: 'Always' }],
      updateStrategy: { type: 'NotUpdate' },
    }),
  ],
  ['with a hot upgrade', container(hot({ hotUpgradeEmptyImage: 'empty' }))],
  ['with resources that follow from the Pod', container({ resourcesPolicy: sized({ cpu: 'cpu*50%' }) })],
  ['with shared devices', container({ shareVolumeDevicePolicy: { type: 'enabled' } })],
  [
    'with transferred variables',
    container({
      transferEnv: [
        {},
        { envName: 'A' },
        {
          sourceContainerNameFrom: { fieldRef: { apiVersion: 'v1', fieldPath: "metadata.labels['a.b/c']" } },
        },
      ],
    }),
  ],
  ['as a canary', annotated({ canary: 'true', base: 'base' }, { updateStrategy: { type: 'NotUpdate' } })],
  ['with half of a canary’s annotations', annotated({ canary: 'true' })],
  ['with a canary mark that does not count', annotated({ canary: 'TRUE', base: 'set' })],
])('a SidecarSet is valid %s', (_, object) => {
  expect(refused(object)).toEqual([]);
});

it.each<[string, object, string[]]>([
  ['a name with dots', { ...valid, metadata: { name: 'a.b' } }, ['metadata.name']],
  ['a long name', { ...valid, metadata: { name: 'a'.repeat(64) } }, ['metadata.name']],
  ...['Native', 'auto', ''].map((word): [string, object, string[]] => [
    `the strategy ${JSON.stringify(word)}`,
    strategyIs(word),
    [`metadata.annotations[${NATIVE_OR_NOT}]`],
  ]),
  ['no spec', { metadata: { name: 'a' } }, ['spec']],
  ['no selector', spec({ selector: undefined }), ['spec.selector']],
  ['an empty selector', spec({ selector: { matchLabels: {} } }), ['spec.selector']],
  ['an empty namespaceSelector', spec({ namespaceSelector: {} }), ['spec.namespaceSelector']],
  ['a bad label value', spec({ selector: { matchLabels: { a: '-' } } }), ['spec.selector.matchLabels[a]']],
  ['a bad label key', spec({ selector: { matchLabels: { 'a/b/c': 'd' } } }), ['spec.selector.matchLabels']],
  [
    'an unknown operator',
    spec({ selector: { matchExpressions: [{ key: 'a', operator: 'Gt' }] } }),
    ['spec.selector.matchExpressions[0].operator'],
  ],
  [
    'In without and Exists with values',
    spec({
      selector: {
        matchExpressions: [
          { key: 'a', operator: 'In' },
          { key: 'a', operator: 'Exists', values: ['b'] },
        ],
      },
    }),
    ['spec.selector.matchExpressions[0].values', 'spec.selector.matchExpressions[1].values'],
  ],
  ...['5', '99.5%', '-1%', '%', -1].map((partition): [string, object, string[]] => [
    `a partition of ${JSON.stringify(partition)}`,
    strategy({ partition }),
    ['spec.updateStrategy.partition'],
  ]),
  ['a bad maxUnavailable', strategy({ maxUnavailable: 'x' }), ['spec.updateStrategy.maxUnavailable']],
  ['no containers', spec({ containers: [] }), ['spec.containers']],
  ['a container without name', spec({ containers: [{ image: 'i' }] }), ['spec.containers[0].name']],
  ['a container without image', spec({ containers: [{ name: 'a' }] }), ['spec.containers[0].image']],
  ['a bad container name', container({ name: 'A' }), ['spec.containers[0].name']],
  [
    'a name twice',
    spec({ initContainers: [{ name: 'a', image: 'i' }], containers: [{ name: 'a', image: 'i' }] }),
    ['spec.containers[0].name'],
  ],
  [
    'a restartPolicy on a container',
    container({ restartPolicy: 'Always' }),
    ['spec.containers[0].restartPolicy'],
  ],
  ['an env without name', container({ env: [{ value: 'x' }] }), ['spec.containers[0].env[0].name']],
  [
    'a mount without volume',
    container({ volumeMounts: [{ name: 'w', mountPath: '/w' }] }),
    ['spec.containers[0].volumeMounts[0].name'],
  ],
  [
    'a mount without path',
    container({ volumeMounts: [{ name: 'v' }] }),
    ['spec.containers[0].volumeMounts[0].mountPath'],
  ],
  [
    'a path twice',
    container({
      volumeMounts: [
        { name: 'v', mountPath: '/v' },
        { name: 'v', mountPath: '/v' },
      ],
    }),
    ['spec.containers[0].volumeMounts[1].mountPath'],
  ],
  [
    'a device without volume',
    container({ volumeDevices: [{ name: 'w', devicePath: '/w' }] }),
    ['spec.containers[0].volumeDevices[0].name'],
  ],
  ['a volume twice', spec({ volumes: [{ name: 'v' }, { name: 'v' }] }), ['spec.volumes[1].name']],
  ['an unknown position', container({ podInjectPolicy: 'Middle' }), ['spec.containers[0].podInjectPolicy']],
  [
    'an unknown sharing',
    container({ shareVolumePolicy: { type: 'on' } }),
    ['spec.containers[0].shareVolumePolicy.type'],
  ],
  [
    'an unknown upgrade',
    container({ upgradeStrategy: { upgradeType: 'Warm' } }),
    ['spec.containers[0].upgradeStrategy.upgradeType'],
  ],
  [
    'a quantity that is none',
    container({ resources: { limits: { 'example.com/gpu': 'many' } } }),
    ['spec.containers[0].resources.limits[example.com/gpu]'],
  ],
  [
    'wrong types',
    spec({ containers: [{ name: 1, env: [{ name: 'A', value: 1 }], args: 'x' }, null], volumes: {} }),
    [
      'spec.containers[0].name',
      'spec.containers[0].env[0].value',
      'spec.containers[0].args',
      'spec.containers[1]',
      'spec.volumes',
    ],
  ],
])('refuses %s', (_, object, fields) => {
  expect(refused(object)).toEqual(fields);
});

const C = 'spec.containers[0]';
const probe = (more: object) => ({ httpGet: { port: 80 }, ...more });

/** What Kubernetes itself would refuse of the Pods. */
it.each<[string, object, string[]]>([
  [
    'ports out of range, by bad names, twice by one name, of unknown protocols',
    container({
      ports: [
        { containerPort: 0, name: 'UPPER' },
        { containerPort: 70_000, hostPort: 70_000, name: '80' },
        { containerPort: 80, name: 'http', protocol: 'ICMP' },
        { containerPort: 81, name: 'http' },
      ],
    }),
    [
      `${C}.ports[0].name`,
      `${C}.ports[0].containerPort`,
      `${C}.ports[1].name`,
      `${C}.ports[1].containerPort`,
      `${C}.ports[1].hostPort`,
      `${C}.ports[2].protocol`,
      `${C}.ports[3].name`,
    ],
  ],
  [
    'variables by bad names, with two sources, none, or one beside a value',
    container({
      env: [
        { name: 'A=B' },
        { name: 'A', valueFrom: {} },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'x' }, secretKeyRef: { name: 's', key: 'k' } } },
        { name: 'C', value: 'c', valueFrom: { fieldRef: { fieldPath: 'x' } } },
        { name: 'D', valueFrom: { configMapKeyRef: { name: 'c' } } },
      ],
      envFrom: [{}, { configMapRef: { name: 'c' }, secretRef: { name: 's' } }, { secretRef: {} }],
    }),
    [
      `${C}.env[0].name`,
      `${C}.env[1].valueFrom`,
      `${C}.env[2].valueFrom`,
      `${C}.env[3].valueFrom`,
      `${C}.env[4].valueFrom.configMapKeyRef.key`,
      `${C}.envFrom[0]`,
      `${C}.envFrom[1]`,
      `${C}.envFrom[2].secretRef.name`,
    ],
  ],
  [
    'probes without a handler, with two, with numbers below zero or thresholds that can not be',
    container({
      livenessProbe: probe({ successThreshold: 2 }),
      readinessProbe: { periodSeconds: -1 },
      startupProbe: probe({ exec: { command: [] } }),
    }),
    [
      `${C}.livenessProbe.successThreshold`,
      `${C}.readinessProbe`,
      `${C}.readinessProbe.periodSeconds`,
      `${C}.startupProbe.httpGet`,
      `${C}.startupProbe.exec.command`,
    ],
  ],
  [
    'hooks without a handler, and bad ports of them',
    container({ lifecycle: { postStart: {}, preStop: { httpGet: { port: 'NOT A NAME' } } } }),
    [`${C}.lifecycle.postStart`, `${C}.lifecycle.preStop.httpGet.port`],
  ],
  [
    'resources below zero and requests above their limits',
    container({
      resources: { limits: { cpu: '1', memory: '-1' }, requests: { cpu: '1500m', 'a/b/c': '1' } },
    }),
    [`${C}.resources.limits[memory]`, `${C}.resources.requests[a/b/c]`, `${C}.resources.requests[cpu]`],
  ],
  [
    'unknown policies of images and messages',
    container({ imagePullPolicy: 'Sometimes', terminationMessagePolicy: 'Mail' }),
    [`${C}.imagePullPolicy`, `${C}.terminationMessagePolicy`],
  ],
  [
    'sub-paths that lead out, two of them, an unknown propagation',
    container({
      volumeMounts: [
        { name: 'v', mountPath: '/a', subPath: '../x' },
        { name: 'v', mountPath: '/b', subPathExpr: '/x' },
        { name: 'v', mountPath: '/c', subPath: 'x', subPathExpr: 'y', mountPropagation: 'All' },
      ],
    }),
    [
      `${C}.volumeMounts[0].subPath`,
      `${C}.volumeMounts[1].subPathExpr`,
      `${C}.volumeMounts[2].subPathExpr`,
      `${C}.volumeMounts[2].mountPropagation`,
    ],
  ],
  [
    'a probe, a hook and a restartPolicy of an init container that runs to its end',
    spec({
      initContainers: [
        {
          name: 'i',
          image: 'i',
          restartPolicy: 'Never',
          readinessProbe: probe({}),
          lifecycle: { preStop: {} },
        },
      ],
    }),
    [
      'spec.initContainers[0].restartPolicy',
      'spec.initContainers[0].readinessProbe',
      'spec.initContainers[0].lifecycle',
    ],
  ],
])('refuses %s: all at once', (_, object, fields) => {
  expect(refused(object)).toEqual(fields);
});

it('is valid with everything that a container may have', () => {
  const full = {
    ports: [{ name: 'http', containerPort: 80, hostPort: 80, protocol: 'UDP' }, { containerPort: 81 }],
    env: [
      { name: 'with.dots and spaces', value: '' },
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'B', valueFrom: { fileKeyRef: { key: 'of a newer Kubernetes' } } },
    ],
    envFrom: [{ prefix: 'P_', configMapRef: { name: 'c' } }],
    livenessProbe: probe({}),
    readinessProbe: { tcpSocket: { port: 'http' }, successThreshold: 3 },
    startupProbe: { grpc: { port: 5000 } },
    lifecycle: { postStart: { exec: { command: ['x'] } }, preStop: { sleep: { seconds: 1 } } },
    resources: { limits: { cpu: 1, 'example.com/gpu': 1 }, requests: { cpu: '500m' } },
    imagePullPolicy: 'Never',
    volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'a/b', mountPropagation: 'None' }],
  };
  expect(refused(container(full))).toEqual([]);
});

const STRATEGY = 'spec.updateStrategy';

it.each<[string, object, string[]]>([
  ['an empty selector of the strategy', strategy({ selector: {} }), [`${STRATEGY}.selector`]],
  [
    'weight beside order',
    strategy({
      priorityStrategy: {
        weightPriority: [{ weight: 1, matchSelector: { matchLabels: { a: 'b' } } }],
        orderPriority: [{ orderedKey: 'a' }],
      },
    }),
    [`${STRATEGY}.priorityStrategy`],
  ],
  [
    'weights beyond 100 and selectors that select everything, or are missing',
    strategy({ priorityStrategy: { weightPriority: [{ weight: 101, matchSelector: {} }, { weight: -1 }] } }),
    [
      `${STRATEGY}.priorityStrategy.weightPriority[0].weight`,
      `${STRATEGY}.priorityStrategy.weightPriority[0].matchSelector`,
      `${STRATEGY}.priorityStrategy.weightPriority[1].weight`,
      `${STRATEGY}.priorityStrategy.weightPriority[1].matchSelector`,
    ],
  ],
  [
    'an order without key',
    strategy({ priorityStrategy: { orderPriority: [{ orderedKey: '' }] } }),
    [`${STRATEGY}.priorityStrategy.orderPriority[0].orderedKey`],
  ],
  [
    'scattering without key, or twice by the same',
    strategy({
      scatterStrategy: [
        { key: '', value: 'b' },
        { key: 'a', value: 'b' },
        { key: 'a', value: 'b' },
      ],
    }),
    [`${STRATEGY}.scatterStrategy[0].key`, `${STRATEGY}.scatterStrategy[2]`],
  ],
  [
    'a revision without a name',
    spec({ injectionStrategy: { revision: { policy: 'Sometimes' } } }),
    ['spec.injectionStrategy.revision', 'spec.injectionStrategy.revision.policy'],
  ],
  [
    'native sidecars that would be hot-upgraded',
    spec({
      initContainers: [
        {
          name: 'i',
          image: 'i',
          restartPolicy: 'Always',
          upgradeStrategy: { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: 'e' },
        },
      ],
    }),
    ['spec.initContainers[0].upgradeStrategy.upgradeType'],
  ],
  [
    'a hot upgrade without an empty image',
    container(hot({})),
    ['spec.containers[0].upgradeStrategy.hotUpgradeEmptyImage'],
  ],
  [
    'a hot upgrade under a name too long for its suffix',
    spec({ containers: [{ name: 'a'.repeat(62), image: 'i', ...hot({ hotUpgradeEmptyImage: 'e' }) }] }),
    ['spec.containers[0].name'],
  ],
  [
    'an unknown sharing of devices',
    container({ shareVolumeDevicePolicy: { type: 'on' } }),
    ['spec.containers[0].shareVolumeDevicePolicy.type'],
  ],
  ...[
    [{ fieldPath: 'metadata.name' }, 'fieldPath'],
    [{ fieldPath: '' }, 'fieldPath'],
    [{ fieldPath: "metadata.labels['-']" }, 'fieldPath'],
    [{ apiVersion: 'v2', fieldPath: "metadata.labels['a']" }, 'apiVersion'],
  ].map(([fieldRef, field]): [string, object, string[]] => [
    `a source of variables by ${JSON.stringify(fieldRef)}`,
    container({ transferEnv: [{ sourceContainerNameFrom: { fieldRef } }] }),
    [`spec.containers[0].transferEnv[0].sourceContainerNameFrom.fieldRef.${field}`],
  ]),
  [
    'a bad source of variables in an init container',
    spec({
      initContainers: [
        {
          name: 'i',
          image: 'i',
          transferEnv: [{ sourceContainerNameFrom: { fieldRef: { fieldPath: 'x' } } }],
        },
      ],
    }),
    ['spec.initContainers[0].transferEnv[0].sourceContainerNameFrom.fieldRef.fieldPath'],
  ],
  [
    'metadata without annotations',
    spec({ patchPodMetadata: [{}] }),
    ['spec.patchPodMetadata[0].annotations'],
  ],
  [
    'an annotation key that is none, and one twice',
    spec({ patchPodMetadata: [{ annotations: { 'a/b/c': 'd', e: 'f' } }, { annotations: { e: 'f' } }] }),
    ['spec.patchPodMetadata[0].annotations[a/b/c]', 'spec.patchPodMetadata[1].annotations[e]'],
  ],
  [
    'a merge with what is no JSON object',
    spec({ patchPodMetadata: [{ annotations: { a: '[]' }, patchPolicy: 'MergePatchJson' }] }),
    ['spec.patchPodMetadata[0].annotations[a]'],
  ],
  [
    'a resourcesPolicy without expressions, and one of a plain init container',
    spec({
      initContainers: [{ name: 'i', image: 'i', resourcesPolicy: sized({}) }],
      containers: [
        { name: 'a', image: 'i', resourcesPolicy: { targetContainersMode: 'sum', resourcesExpr: {} } },
      ],
    }),
    ['spec.initContainers[0].resourcesPolicy', 'spec.containers[0].resourcesPolicy.resourcesExpr'],
  ],
  [
    'an expression that can fail',
    container({ resourcesPolicy: sized({ cpu: 'cpu*cpu' }) }),
    ['spec.containers[0].resourcesPolicy.resourcesExpr.limits.cpu'],
  ],
  [
    'a canary of itself that would be updated',
    annotated({ canary: 'true', base: 'set' }),
    ['metadata.annotations[apps.kruise.io/sidecarset-base]', `${STRATEGY}.type`],
  ],
])('refuses %s: by its field', (_, object, fields) => {
  expect(refused(object)).toEqual(fields);
});

const named = (...names: string[]) => ({
  metadata: { name: 'set' },
  spec: { containers: names.map((name) => ({ name, image: 'i' })) },
});

it.each<[string, string[], string[], string[]]>([
  ['keeps containers', ['a', 'b'], ['b', 'a'], []],
  ['removes a container', ['a', 'b'], ['b'], []],
  ['adds a container', ['a'], ['a', 'b'], ['spec.containers[1].name']],
  ['renames a container', ['a'], ['b'], ['spec.containers[0].name']],
])('an update that %s', (_, before, after, fields) => {
  expect(validateUpdate(named(...after), named(...before)).map(({ field }) => field)).toEqual(fields);
});

it('an update can not give a canary another base', () => {
  const canary = (base: string) => ({
    ...named('a'),
    metadata: { name: 'set', annotations: { [`${KRUISE}-canary`]: 'true', [`${KRUISE}-base`]: base } },
  });
  expect(validateUpdate(canary('b'), canary('a')).map(({ field }) => field)).toEqual([
    'metadata.annotations[apps.kruise.io/sidecarset-base]',
  ]);
  expect(validateUpdate(canary('a'), canary('a'))).toEqual([]);
  expect(validateUpdate(canary('a'), named('a'))).toEqual([]);
});

function annotated(values: { canary?: string; base?: string }, changes: object = {}): object {
  const annotations = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${KRUISE}-${key}`, value]),
  );
  return { ...spec(changes), metadata: { name: 'set', annotations } };
}

function hot(more: object): object {
  return { upgradeStrategy: { upgradeType: 'HotUpgrade', ...more } };
}

function sized(limits: object): object {
  return { targetContainersMode: 'sum', resourcesExpr: { limits } };
}

function compile(pattern: string) {
  return (text: string) => new RegExp(pattern).test(text);
}
