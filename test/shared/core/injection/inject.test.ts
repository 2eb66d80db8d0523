import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Injection, injectPod } from '../../../../shared/core/injection/inject.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { CONTEXT, podOf, prioritized, setOf } from './pods.ts';

const HASH = 'kruise.io/sidecarset-hash';
const WITHOUT_IMAGE = 'kruise.io/sidecarset-hash-without-image';
const LIST = 'kruise.io/sidecarset-injected-list';
const MANAGED = 'serverless.sidecarset.io/managed';

const inject = (pod: Pod, sets: SidecarSet[], context = CONTEXT): Injection => injectPod(pod, sets, context);

const injected = (pod: Pod, sets: SidecarSet[], context = CONTEXT): Pod => {
  const injection = inject(pod, sets, context);
  if (injection.kind !== 'injected') throw new Error(JSON.stringify(injection));
  return injection.pod;
};

const annotations = (pod: Pod): Record<string, string> => pod.metadata.annotations ?? {};
const hashOf = (set: SidecarSet, key = HASH): string => set.metadata.annotations?.[key] ?? '';

it('records both hashes and the list, to the byte', () => {
  const set = {
    ...setOf('logs', {
      containers: [
        { name: 'b', image: 'b' },
        { name: 'a', image: 'a' },
      ],
    }),
    status: { matchedPods: 0, updatedPods: 0, readyPods: 0, latestRevision: 'logs-6cc7bcb749' },
  };
  const record = (key: string, more = '') =>
    `{"logs":{"updateTimestamp":"2026-11-23T05:46:47Z","hash":"${hashOf(set, key)}","sidecarSetName":"logs",` +
    `"sidecarList":["a","b"]${more}}}`;
  expect(annotations(injected(podOf(), [set]))).toEqual({
    [HASH]: record(HASH, ',"controllerRevision":"logs-6cc7bcb749"'),
    [WITHOUT_IMAGE]: record(WITHOUT_IMAGE),
    [LIST]: 'logs',
  });
});

it('keeps the records of other sets, sorts all, and upgrades the older form', () => {
  const set = setOf('logs');
  const elder = { [HASH]: '{"zulu":"h1"}', [WITHOUT_IMAGE]: '{"zulu":"h2"}', [LIST]: 'zulu' };
  const result = annotations(injected(podOf({}, { annotations: elder }), [set]));
  expect(result[HASH]).toMatch(
    /^\{"logs":\{.*\},"zulu":\{"updateTimestamp":null,"hash":"h1","sidecarSetName":"zulu","sidecarList":null\}\}$/,
  );
  expect(result[LIST]).toBe('logs,zulu');
});

it.each([
  [undefined, 'logs'],
  ['', 'logs'],
  [' b,,a, b,a', ', b,a,logs'],
  ['logs', 'logs'],
])('joins the injected list %j to %j', (before, after) => {
  const given: Record<string, string> = before === undefined ? {} : { [LIST]: before };
  expect(annotations(injected(podOf({}, { annotations: given }), [setOf('logs')]))[LIST]).toBe(after);
});

it.each([
  [HASH, 'null'],
  [HASH, '{'],
  [HASH, '[]'],
  [HASH, '{"a":1}'],
  [WITHOUT_IMAGE, '{"a":{}}'],
])('refuses a Pod whose annotation %s is %s', (key, text) => {
  expect(inject(podOf({}, { annotations: { [key]: text } }), [setOf('logs')])).toMatchObject({
    kind: 'refused',
    code: 'InjectionAnnotationUnreadable',
    message: expect.stringContaining(key),
    causes: [{ field: `metadata.annotations[${key}]`, reason: 'FieldValueInvalid' }],
  });
});

it('does not read the annotations of a Pod that no set selects', () => {
  const pod = podOf({}, { annotations: { [HASH]: 'null' }, labels: {} });
  expect(inject(pod, [setOf('logs')]).kind).toBe('unchanged');
});

it('takes an empty annotation for none', () => {
  const pod = injected(podOf({}, { annotations: { [HASH]: '' } }), [setOf('logs')]);
  expect(Object.keys(JSON.parse(annotations(pod)[HASH] ?? ''))).toEqual(['logs']);
});

it.each<[string, Pod, string, string]>([
  ['kube-system', podOf(), 'kube-system', 'InjectionExcludedNamespace'],
  ['our own namespace', podOf(), 'sidecarset-system', 'InjectionExcludedNamespace'],
  [
    'a mirror Pod',
    podOf({}, { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
    'default',
    'InjectionMirrorPod',
  ],
  ['a Pod that has ended', { ...podOf(), status: { phase: 'Failed' } }, 'default', 'InjectionPodFinished'],
  [
    'a Pod that is being deleted',
    podOf({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    'default',
    'InjectionPodDeleting',
  ],
  ['a Pod without containers', podOf({ containers: [] }), 'default', 'InjectionNoContainers'],
  ['a Pod that no set selects', podOf({}, { labels: {} }), 'default', 'InjectionNotSelected'],
  [
    'a Pod that opts out',
    podOf({}, { annotations: { 'serverless.sidecarset.io/inject': 'false' } }),
    'default',
    'InjectionOptedOut',
  ],
  ['a Pod for Windows', podOf({ os: { name: 'windows' } }), 'default', 'InjectionWindows'],
  [
    'a Pod that wants a Windows node',
    podOf({ nodeSelector: { 'kubernetes.io/os': 'windows' } }),
    'default',
    'InjectionWindows',
  ],
])('leaves %s alone', (_, pod, namespace, reason) => {
  expect(inject(pod, [setOf('logs')], { ...CONTEXT, namespace })).toEqual({ kind: 'unchanged', reason });
});

it('refuses two sets that bring a container of the same name, naming all', () => {
  const containers = [{ name: 'same', image: 'i' }];
  expect(inject(podOf(), [setOf('a', { containers }), setOf('b', { containers })])).toMatchObject({
    kind: 'refused',
    code: 'InjectionNameClash',
    message: expect.stringMatching(/same.*a, b/),
  });
});

it.each<[string, object, string]>([
  ['wrong types', { containers: [{ name: 5 }] }, 'spec.containers[0].name'],
])('refuses the Pods of a stored set with %s, and of no other', (_, spec, field) => {
  const logs = setOf('logs');
  const stored = [{ ...logs, spec: { ...logs.spec, ...spec } }];
  expect(inject(podOf(), stored)).toMatchObject({
    kind: 'refused',
    code: 'InjectionSetUnusable',
    message: expect.stringContaining('SidecarSet logs'),
    causes: [{ field }],
  });
  expect(inject(podOf({}, { labels: {} }), stored).kind).toBe('unchanged');
});

const policy = (resourcesExpr: object, targetContainersNameRegex = '.*'): SidecarSetSpec => ({
  containers: [
    {
      name: 'logs',
      image: 'i',
      resourcesPolicy: { targetContainersMode: 'sum', targetContainersNameRegex, resourcesExpr },
    },
  ],
});
const sizedPod = podOf({
  containers: [
    { name: 'main', resources: { limits: { cpu: '1', memory: '1Gi' } } },
    { name: 'second', resources: { limits: { cpu: '500m' } } },
  ],
});

it('works out the resources of a sidecar from the Pod’s own containers, not from other sidecars', () => {
  const spec = policy({ limits: { cpu: 'cpu*50%', memory: 'memory' }, requests: { cpu: '100m' } });
  const pod = injected(sizedPod, [
    setOf('logs', spec),
    setOf('mesh', { containers: [{ name: 'mesh', image: 'm', resources: { limits: { cpu: '8' } } }] }),
  ]);
  expect(pod.spec.containers[0]).toMatchObject({
    name: 'logs',
    resources: { limits: { cpu: '750m' }, requests: { cpu: '100m' } },
  });
  expect(pod.spec.containers[0]?.resources?.limits).not.toHaveProperty('memory');
});

it.each<[string, SidecarSetSpec, string]>([
  ['no container is a target', policy({ limits: { cpu: 'cpu' } }, '^none$'), 'targetContainersNameRegex'],
  ['the result is below zero', policy({ limits: { cpu: 'cpu-100' } }), 'resourcesExpr.limits.cpu'],
])('refuses a Pod where %s', (_, spec, field) => {
  expect(inject(sizedPod, [setOf('logs', spec)])).toMatchObject({
    kind: 'refused',
    code: 'InjectionResourcesImpossible',
    causes: [{ field: expect.stringContaining(field) }],
  });
});

it('injects although a rollout of the set would not be supported', () => {
  const scattered = setOf('logs', { updateStrategy: { scatterStrategy: [{ key: 'a', value: 'b' }] } });
  expect(inject(podOf(), [scattered]).kind).toBe('injected');
});

it('hashes and defaults a set that was stored without our webhook', () => {
  const set = setOf('logs');
  const raw = {
    ...set,
    metadata: { name: 'logs' },
    spec: { ...set.spec, containers: [{ name: 'logs', image: 'logs:1' }] },
  };
  expect(injected(podOf(), [raw])).toEqual(injected(podOf(), [set]));
});

it('orders injected containers with those of the Pod, and refuses what it can not order', () => {
  const containers = [{ ...prioritized('logs', '100'), image: 'i' }];
  const pod = injected(podOf(), [setOf('logs', { containers })]);
  const keys = pod.spec.containers.map(({ env }) => env?.at(-1)?.valueFrom?.configMapKeyRef);
  expect(keys).toEqual([
    { name: 'pod-barrier-bbbbb', key: 'p_100' },
    { name: 'pod-barrier-bbbbb', key: 'p_0' },
  ]);
  expect(annotations(pod)).not.toHaveProperty(MANAGED);
  const garbage = podOf({ containers: [prioritized('main', 'x')] });
  expect(inject(garbage, [setOf('logs')])).toMatchObject({ code: 'InjectionPriorityUnreadable' });
});

const ends = (name: string, value = 'TRUE') => ({
  name,
  env: [{ name: 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT', value }],
});

it.each<[string, Pod, string]>([
  ['an order', podOf({ containers: [{ name: 'a' }, prioritized('b', '1')] }), 'launch'],
  ['an end', podOf({ restartPolicy: 'Never', containers: [{ name: 'a' }, ends('b')] }), 'terminate'],
  [
    'both',
    podOf({ restartPolicy: 'OnFailure', containers: [prioritized('a', '1'), ends('b')] }),
    'launch,terminate',
  ],
])('marks a Pod without SidecarSet that asks for %s', (_, pod, value) => {
  expect(annotations(injected(pod, []))).toEqual({ [MANAGED]: value });
});

it('marks no Pod whose containers never end', () => {
  expect(inject(podOf({ containers: [{ name: 'a' }, ends('b')] }), [])).toMatchObject({ kind: 'unchanged' });
});

it.each(['true', '', 'False'])('takes %j for no opt-out', (value) => {
  const pod = podOf({}, { annotations: { 'serverless.sidecarset.io/inject': value } });
  expect(inject(pod, [setOf('logs')]).kind).toBe('injected');
});

const LATER = {
  ...CONTEXT,
  now: new Date('2027-01-01T00:00:00Z'),
  random: () => 0.9,
  requestUid: 'review-2',
};

it('changes nothing the second time, later, even after other webhooks touched the containers', () => {
  const containers = [
    { ...prioritized('logs', '100'), image: 'i', volumeMounts: [{ name: 'v', mountPath: '/v' }] },
  ];
  const hot = { upgradeType: 'HotUpgrade' as const, hotUpgradeEmptyImage: 'empty:1' };
  const sets = [
    setOf('logs', {
      containers,
      volumes: [{ name: 'v', emptyDir: {} }],
      patchPodMetadata: [{ annotations: { a: '{"b":1}' }, patchPolicy: 'MergePatchJson' }],
    }),
    setOf('mesh', { containers: [{ name: 'mesh', image: 'm', upgradeStrategy: hot }] }),
  ];
  const once = injected(podOf({}, { name: '', generateName: 'pod-' }), sets);
  expect(inject(once, sets, LATER)).toEqual({ kind: 'unchanged', reason: 'InjectionComplete' });
  const touched = {
    ...once,
    spec: {
      ...once.spec,
      containers: once.spec.containers.map((container) => ({ ...container, tty: true })),
    },
  };
  expect(inject(touched, sets, LATER)).toEqual({ kind: 'unchanged', reason: 'InjectionComplete' });
});

it('gives a container that another webhook added after us its level, and leaves the rest', () => {
  const sets = [setOf('logs', { containers: [{ ...prioritized('logs', '100'), image: 'i' }] })];
  const once = injected(podOf(), sets);
  const joined = { ...once, spec: { ...once.spec, containers: [...once.spec.containers, { name: 'late' }] } };
  const again = injected(joined, sets, LATER);
  expect(again.spec.containers.slice(0, 2)).toEqual(once.spec.containers);
  expect(again.spec.containers[2]?.env).toHaveLength(1);
  expect(annotations(again)).toEqual(annotations(once));
});

it('puts the latest version over an earlier one that came with a copied Pod', () => {
  const old = injected(podOf(), [setOf('logs')]);
  const latest = setOf('logs', { containers: [{ name: 'logs', image: 'logs:2' }] });
  const pod = injected(old, [latest]);
  expect(pod.spec.containers.map(({ image }) => image)).toEqual(['logs:2', 'main:1']);
  expect(JSON.parse(annotations(pod)[HASH] ?? '').logs.hash).toBe(hashOf(latest));
});

const name = fc.constantFrom('a', 'b', 'c', 'd', 'main');
const position = fc.constantFrom('BeforeAppContainer' as const, 'AfterAppContainer' as const);
const sidecar = fc.record({ name, image: fc.constantFrom('i:1', 'i:2'), podInjectPolicy: position });
const spec: fc.Arbitrary<SidecarSetSpec> = fc.record({
  containers: fc.uniqueArray(sidecar, { selector: (container) => container.name, minLength: 1 }),
  initContainers: fc.uniqueArray(sidecar, { selector: (container) => container.name }),
});
const own = fc.record({
  name,
  image: fc.constant('own'),
  env: fc.constantFrom(...['', '0', '5'].map(priority)),
});

it('loses no container of the Pod, takes no list order for meaning, and is done after one pass', () => {
  const containers = fc.uniqueArray(own, { selector: (container) => container.name, minLength: 1 });
  fc.assert(
    fc.property(containers, fc.array(spec, { maxLength: 3 }), (mains, specs) => {
      const pod = podOf({ containers: mains });
      const sets = specs.map((given, index) => setOf(`set${index}`, given));
      const injection = inject(pod, sets);
      expect(inject(pod, sets.toReversed())).toEqual(injection);
      if (injection.kind !== 'injected') return;
      const left = injection.pod.spec.containers.map((container) => container.name);
      expect(left).toEqual(expect.arrayContaining(mains.map((main) => main.name)));
      expect(new Set(left).size).toBe(left.length);
      expect(inject(injection.pod, sets, LATER).kind).toBe('unchanged');
    }),
  );
});

function priority(value: string) {
  return value === '' ? [] : [{ name: 'KRUISE_CONTAINER_PRIORITY', value }];
}
