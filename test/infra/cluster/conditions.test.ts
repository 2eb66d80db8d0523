/** The shipped matchConditions against the decisions of the functions behind them. */
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { conditionsOf, judgeConditions } from '../../../infra/local/cluster/api/admission/conditions.ts';
import { forward } from '../../../shared/core/forwarding/forward.ts';
import { whyLeftAlone } from '../../../shared/core/injection/leftAlone.ts';
import { barrierKey, barrierName } from '../../../shared/core/resources/barrier.ts';
import type { AdmissionRequest } from '../../../shared/model/admission.ts';
import type { Container, ContainerStatus, ObjectMeta, Pod } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_INJECTED_LIST,
  ANNOTATION_INPLACE_UPDATE_STATE,
  ANNOTATION_LAUNCH_COMPLETED,
  ANNOTATION_LAUNCH_OPENED,
  ANNOTATION_MIRROR_POD,
  ANNOTATION_WORKING,
  ENV_BARRIER,
  ENV_INJECTED,
  ENV_TERMINATE,
  ENV_TERMINATE_WITH_IMAGE,
} from '../../../shared/model/names.ts';

const manifest = new URL('../../../infra/cluster/webhooks.yaml', import.meta.url);
const webhooks: Record<string, unknown>[] = parseAllDocuments(await readFile(manifest, 'utf8')).flatMap(
  (document) => document.toJS().webhooks,
);

const conditions = (name: string) => {
  const webhook = webhooks.find((candidate) => candidate['name'] === `${name}.sidecarset.io`);
  if (!webhook) throw new Error(`there is no webhook ${name}`);
  return conditionsOf(webhook);
};
const [observed, injected] = [conditions('observe'), conditions('inject')];

const judged = (request: AdmissionRequest) => judgeConditions(observed, { ...request });
const isEvent = (request: AdmissionRequest): boolean =>
  forward(request, { cluster: 'test', at: '2026-01-02T03:04:05Z' }).kind === 'event';

type Body = AdmissionRequest['object'];

const review = (
  operation: 'CREATE' | 'UPDATE' | 'DELETE',
  [oldObject, object]: [Body, Body],
  more: Partial<AdmissionRequest> = {},
): AdmissionRequest => ({
  uid: 'review',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  name: 'web',
  namespace: 'team',
  operation,
  userInfo: { username: 'kubelet', groups: [] },
  object,
  oldObject,
  dryRun: false,
  ...more,
});

/** Without fields that are undefined or empty, as the API server sends objects. */
const sent = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, field) =>
    field !== null && typeof field === 'object' && Object.keys(field).length === 0 ? undefined : field,
  );

const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const most = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 10 });

const env = fc.subarray([
  { name: 'PATH', value: '/bin' },
  { name: ENV_INJECTED, value: 'true' },
  { name: ENV_TERMINATE, value: 'true' },
  { name: ENV_TERMINATE, value: 'false' },
  { name: ENV_TERMINATE_WITH_IMAGE, value: 'exit:1' },
  { name: ENV_BARRIER, valueFrom: { configMapKeyRef: { name: barrierName('web'), key: barrierKey(1) } } },
]);

const container = (name: string): fc.Arbitrary<Container> =>
  fc.record({ name: fc.constant(name), image: fc.constantFrom('a:1', 'a:2'), env });

const state: fc.Arbitrary<ContainerStatus['state']> = fc.constantFrom(
  { running: { startedAt: '2026-01-02T03:04:05Z' } },
  { waiting: { reason: 'CreateContainerConfigError' } },
  { waiting: { reason: 'ContainerCreating' } },
  { waiting: { reason: 'ImagePullBackOff' } },
  { terminated: { exitCode: 0 } },
  { terminated: { exitCode: 1 } },
);

const status = (name: string): fc.Arbitrary<ContainerStatus> =>
  fc.record({
    name: fc.constant(name),
    image: fc.constantFrom('a:1', 'a:2'),
    imageID: fc.constantFrom('sha256:1', 'sha256:2'),
    containerID: fc.constantFrom('containerd://1', 'containerd://2'),
    ready: fc.boolean(),
    started: fc.boolean(),
    restartCount: fc.nat(2),
    state,
  });

const NAMES = ['main', 'sidecar'];
const each = <T>(of: (name: string) => fc.Arbitrary<T>) => fc.tuple(...NAMES.map(of));
const natively = <T>(of: (name: string) => fc.Arbitrary<T>) => fc.tuple(of('native'));

const annotations = fc.record({
  [ANNOTATION_INJECTED_LIST]: some(fc.constantFrom('a', 'a,b')),
  [ANNOTATION_HASH]: some(fc.constantFrom('{"a":1}', '{"a":2}')),
  [ANNOTATION_LAUNCH_COMPLETED]: some(fc.constant('true')),
  [ANNOTATION_LAUNCH_OPENED]: some(fc.constantFrom('p_1', 'p_0')),
  [ANNOTATION_INPLACE_UPDATE_STATE]: some(fc.constantFrom('{"a":{}}', '{"b":{}}')),
  [ANNOTATION_WORKING]: some(fc.constantFrom('{"hot":"hot-1"}', '{"hot":"hot-2"}')),
});

const podStatus = fc.record({
  phase: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed' as const),
  observedGeneration: most(fc.integer({ min: 1, max: 2 })),
  containerStatuses: most(each(status)),
  initContainerStatuses: most(natively(status)),
  ephemeralContainerStatuses: some(fc.tuple(status('sidecarset-end-1'))),
  conditions: some(
    fc.constantFrom('True', 'False' as const).map((value) => [{ type: 'Ready', status: value }]),
  ),
  podIP: some(fc.constantFrom('10.0.0.1', '10.0.0.2')),
});

const pods = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Pod'),
  metadata: fc.record({
    name: fc.constant('web'),
    namespace: fc.constant('team'),
    resourceVersion: fc.constant('7'),
    generation: fc.constant(2),
    deletionTimestamp: some(fc.constant('2026-01-02T03:04:05Z')),
    labels: some(fc.record({ app: fc.constantFrom('web', 'other') })),
    annotations,
  }),
  spec: fc.record({
    restartPolicy: fc.constantFrom('Always', 'OnFailure', 'Never' as const),
    containers: each(container),
    initContainers: most(natively(container)),
  }),
  status: most(podStatus),
}) as fc.Arbitrary<Pod>;

/** An update changes a few parts and keeps the others. */
const updates = fc
  .record({
    before: pods,
    other: pods,
    parts: fc.subarray(
      [
        ...['labels', 'annotations', 'deletion', 'image', 'nativeImage', 'phase', 'conditions', 'statuses'],
        ...['nativeStatuses', 'ephemeralStatuses', 'oneStatus', 'observed'],
      ],
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ before, other, parts }): [Pod, Pod] => {
    const after = structuredClone(before);
    const takes: Record<string, () => void> = {
      labels: () => Object.assign(after.metadata, { labels: other.metadata.labels }),
      annotations: () => Object.assign(after.metadata, { annotations: other.metadata.annotations }),
      deletion: () => Object.assign(after.metadata, { deletionTimestamp: other.metadata.deletionTimestamp }),
      image: () =>
        after.spec.containers.forEach((one, index) => {
          Object.assign(one, { image: other.spec.containers[index]?.image });
        }),
      nativeImage: () =>
        after.spec.initContainers?.forEach((one, index) => {
          Object.assign(one, { image: other.spec.initContainers?.[index]?.image });
        }),
      observed: () =>
        after.status && Object.assign(after.status, { observedGeneration: other.status?.observedGeneration }),
      nativeStatuses: () =>
        after.status &&
        Object.assign(after.status, { initContainerStatuses: other.status?.initContainerStatuses }),
      ephemeralStatuses: () =>
        after.status &&
        Object.assign(after.status, {
          ephemeralContainerStatuses: other.status?.ephemeralContainerStatuses,
        }),
      phase: () => after.status && Object.assign(after.status, { phase: other.status?.phase }),
      conditions: () => after.status && Object.assign(after.status, { conditions: other.status?.conditions }),
      statuses: () =>
        after.status && Object.assign(after.status, { containerStatuses: other.status?.containerStatuses }),
      oneStatus: () => {
        const [first] = after.status?.containerStatuses ?? [];
        const [taken] = other.status?.containerStatuses ?? [];
        if (first && taken) Object.assign(first, { state: taken.state, restartCount: taken.restartCount });
      },
    };
    for (const part of parts) takes[part]?.();
    return [before, after];
  });

const reviews = fc.oneof(
  pods.map((pod) => review('CREATE', [null, pod])),
  pods.map((pod) => review('DELETE', [pod, null])),
  ...[undefined, 'status'].map((subResource) =>
    updates.map((change) => review('UPDATE', change, subResource === undefined ? {} : { subResource })),
  ),
);

describe('the conditions of observe', () => {
  it('let every change of a Pod through that forward makes an event of', () => {
    const seen = { events: 0, kept: 0 };
    fc.assert(
      fc.property(reviews, (generated) => {
        const request = sent(generated);
        const verdict = judged({
          ...request,
          object: request.object ?? null,
          oldObject: request.oldObject ?? null,
        });
        expect(verdict.kind).not.toBe('failed');
        if (verdict.kind === 'no') seen.kept += 1;
        if (!isEvent(request)) return;
        seen.events += 1;
        expect(verdict).toEqual({ kind: 'yes' });
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(seen.events, seen.kept), JSON.stringify(seen)).toBeGreaterThan(50);
  });

  const INJECTED = { [ANNOTATION_INJECTED_LIST]: 'set' };
  const pod = (metadata: Partial<ObjectMeta> = {}, more: Partial<Pod> = {}): Pod => ({
    metadata: { name: 'web', namespace: 'team', ...metadata },
    spec: { containers: [{ name: 'main', image: 'nginx:1' }] },
    ...more,
  });
  const ours = (more: Partial<Pod> = {}, metadata: Partial<ObjectMeta> = {}) =>
    pod({ annotations: INJECTED, ...metadata }, more);
  const withEnv = (name: string) =>
    pod({}, { spec: { containers: [{ name: 'main', image: 'nginx:1', env: [{ name, value: 'true' }] }] } });
  const ready = (value: 'True' | 'False', lastProbeTime = '1'): Partial<Pod> => ({
    status: { conditions: [{ type: 'Ready', status: value, lastProbeTime }] },
  });
  const NATIVE = { name: 'native', image: 'a:1', imageID: 'id-1', ready: true, restartCount: 0 };
  /** With a native sidecar of ours. */
  const native = (
    image: string,
    status: Partial<ContainerStatus> = {},
    more: Pod['status'] = {},
    metadata: Partial<ObjectMeta> = {},
  ): Pod =>
    ours(
      {
        spec: {
          containers: [{ name: 'main', image: 'nginx:1' }],
          initContainers: [
            { name: 'native', image, restartPolicy: 'Always', env: [{ name: ENV_INJECTED, value: 'true' }] },
          ],
        },
        status: { initContainerStatuses: [{ ...NATIVE, ...status }], ...more },
      },
      metadata,
    );
  const UPGRADED = {
    generation: 2,
    annotations: { ...INJECTED, [ANNOTATION_INPLACE_UPDATE_STATE]: '{"set":{}}' },
  };
  const seen = (observedGeneration: number) => native('a:1', {}, { observedGeneration }, UPGRADED);
  /** A Pod whose main container has ended, with the ephemeral container that is to signal its sidecar. */
  const ending = (killer: ContainerStatus['state']): Pod => {
    const { metadata, spec } = withEnv(ENV_TERMINATE);
    const status = { image: 'a:1', imageID: '', ready: false, restartCount: 0 };
    return {
      metadata,
      spec: {
        ...spec,
        restartPolicy: 'Never',
        containers: [{ name: 'job', image: 'a:1' }, ...spec.containers],
      },
      status: {
        phase: 'Running',
        containerStatuses: [
          { ...status, name: 'job', state: { terminated: { exitCode: 0 } } },
          { ...status, name: 'main', state: { running: {} } },
        ],
        ...(killer && {
          ephemeralContainerStatuses: [{ ...status, name: 'sidecarset-end-1', state: killer }],
        }),
      },
    };
  };
  const mainFails = (reason: string): ContainerStatus => ({
    ...{ name: 'main', image: 'nginx:1', imageID: '', ready: false, restartCount: 0 },
    state: { waiting: { reason } },
  });
  const eviction = { metadata: { name: 'web', namespace: 'team' } };
  const set = (generation: number, more: object = {}) => ({ metadata: { name: 'set', generation }, ...more });
  const statusWrite = (before: Pod, after: Pod) =>
    review('UPDATE', [before, after], { subResource: 'status' });
  const SETS = { resource: { group: 'apps.kruise.io', version: 'v1beta1', resource: 'sidecarsets' } };

  it.each<[string, AdmissionRequest]>([
    ['a Pod that was injected is created', review('CREATE', [null, ours()])],
    ['a Pod that waits for its start is created', review('CREATE', [null, withEnv(ENV_BARRIER)])],
    ['a Pod whose sidecar is to end is created', review('CREATE', [null, withEnv(ENV_TERMINATE)])],
    ['a Pod with an exit image is created', review('CREATE', [null, withEnv(ENV_TERMINATE_WITH_IMAGE)])],
    ['a Pod that was injected is deleted', review('DELETE', [ours(), null])],
    ['some Pod is evicted', review('CREATE', [null, eviction], { subResource: 'eviction' })],
    [
      'a Pod becomes ready',
      review('UPDATE', [ours(ready('False')), ours(ready('True'))], { subResource: 'status' }),
    ],
    ['a Pod loses its injected list', review('UPDATE', [ours(), pod()])],
    ['labels change', review('UPDATE', [ours(), ours({}, { labels: { app: 'web' } })])],
    ['a SidecarSet comes', review('CREATE', [null, set(1)], SETS)],
    ['a SidecarSet changes', review('UPDATE', [set(1), set(2)], SETS)],
    ['a SidecarSet goes', review('DELETE', [set(1), null], SETS)],
  ])('let through: %s', (_, request) => {
    expect(judged(request)).toEqual({ kind: 'yes' });
  });

  it.each<[string, AdmissionRequest]>([
    ['a native sidecar gets another image', review('UPDATE', [native('a:1'), native('a:2')])],
    ['a native sidecar runs another image', statusWrite(native('a:1'), native('a:1', { imageID: 'id-2' }))],
    ['a native sidecar is not ready', statusWrite(native('a:1'), native('a:1', { ready: false }))],
    [
      'a native sidecar fails',
      statusWrite(native('a:1'), native('a:1', { state: { waiting: { reason: 'ImagePullBackOff' } } })),
    ],
    [
      'a main container fails',
      statusWrite(native('a:1'), native('a:1', {}, { containerStatuses: [mainFails('ErrImagePull')] })),
    ],
    ['the node has seen an upgrade', statusWrite(seen(1), seen(2))],
    [
      'an ephemeral container that was to signal has failed',
      statusWrite(ending({ running: {} }), ending({ terminated: { exitCode: 1 } })),
    ],
    [
      'the first that is known of it is that it has failed',
      statusWrite(ending(undefined), ending({ terminated: { exitCode: 1 } })),
    ],
    [
      'terminate has ended a Pod',
      {
        ...statusWrite(ours({ status: { phase: 'Running' } }), ours({ status: { phase: 'Succeeded' } })),
        userInfo: { username: 'system:serviceaccount:sidecarset-system:terminate' },
      },
    ],
  ])('let through, and an event is made of it: %s', (_, request) => {
    expect(judged(request)).toEqual({ kind: 'yes' });
    expect(isEvent(request)).toBe(true);
  });

  it.each<[string, AdmissionRequest]>([
    ['a dry run', review('CREATE', [null, ours()], { dryRun: true })],
    [
      'rollout has upgraded a Pod',
      review('UPDATE', [ours(ready('True')), ours(ready('False'))], {
        userInfo: { username: 'sidecarset:rollout', groups: ['sidecarset:rollout', 'sidecarset:functions'] },
      }),
    ],
    [
      'rollout has evicted a Pod, by its service account',
      review('CREATE', [null, ours()], {
        subResource: 'eviction',
        userInfo: { username: 'system:serviceaccount:sidecarset-system:rollout' },
      }),
    ],
    [
      'terminate has given a sidecar its exit image',
      review('UPDATE', [native('a:1'), native('a:2')], {
        userInfo: { username: 'sidecarset:terminate', groups: ['sidecarset:terminate'] },
      }),
    ],
    ['a Pod of somebody else is created', review('CREATE', [null, pod()])],
    ['a Pod of somebody else is created with environment', review('CREATE', [null, withEnv('PATH')])],
    [
      'a Pod of somebody else becomes ready',
      review('UPDATE', [pod({}, ready('False')), pod({}, ready('True'))]),
    ],
    ['a Pod of somebody else is deleted', review('DELETE', [pod({ annotations: { a: 'b' } }), null])],
    ['a Pod that only waited for its start is deleted', review('DELETE', [withEnv(ENV_BARRIER), null])],
    ['nothing changes', review('UPDATE', [ours(), ours()], { subResource: 'status' })],
    ['a probe is noted', review('UPDATE', [ours(ready('True', '1')), ours(ready('True', '2'))])],
    [
      'the node reports of a native sidecar once more',
      statusWrite(native('a:1', {}, {}, UPGRADED), native('a:1', {}, { podIP: '10.0.0.1' }, UPGRADED)),
    ],
    ['an address is noted', review('UPDATE', [ours(), ours({ status: { podIP: '10.0.0.1' } })])],
    [
      'our own mark is set',
      review('UPDATE', [
        ours(),
        ours({}, { annotations: { ...INJECTED, [ANNOTATION_LAUNCH_OPENED]: 'p_0' } }),
      ]),
    ],
    [
      'the status of a SidecarSet changes',
      review('UPDATE', [set(1), set(1, { status: { matchedPods: 1 } })], SETS),
    ],
  ])('keep back: %s', (_, request) => {
    expect(judged(request)).toEqual({ kind: 'no' });
    expect(isEvent(request)).toBe(false);
  });
});

it.each<[string, ObjectMeta['annotations']]>([
  ['without annotations', undefined],
  ['with another annotation', { a: 'b' }],
  ['that a node runs from a file', { [ANNOTATION_MIRROR_POD]: 'hash' }],
  ['with an empty mark', { [ANNOTATION_MIRROR_POD]: '' }],
])('inject is asked about a Pod %s if it would not leave it alone', (_, annotations) => {
  const metadata = { name: 'web', ...(annotations && { annotations }) };
  const pod: Pod = { metadata, spec: { containers: [{ name: 'main' }] } };
  const isAsked = judgeConditions(injected, { ...review('CREATE', [null, pod]) }).kind === 'yes';
  expect(isAsked).toBe(whyLeftAlone(pod, 'team') === undefined);
});
