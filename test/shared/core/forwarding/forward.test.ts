import { describe, expect, it } from 'vitest';
import { type Forward, forward } from '../../../../shared/core/forwarding/forward.ts';
import type { AdmissionRequest } from '../../../../shared/model/admission.ts';
import type {
  ContainerState,
  ContainerStatus,
  KubernetesObject,
  Pod,
} from '../../../../shared/model/kubernetes.ts';
import { behind, ended, main, makePod, RUNNING, sidecar, statusOf, WAITING } from '../../../support/pods.ts';

const CONTEXT = { cluster: 'test', at: '2026-03-01T12:00:00Z' };
const LIST = 'kruise.io/sidecarset-injected-list';
const HASH = 'kruise.io/sidecarset-hash';
const COMPLETED = 'apps.kruise.io/container-launch-priority-completed';

const review = (
  before: KubernetesObject | null,
  after: KubernetesObject | null,
  parts: Partial<AdmissionRequest> = {},
): AdmissionRequest => {
  const operation = before === null ? 'CREATE' : after === null ? 'DELETE' : 'UPDATE';
  return {
    uid: 'review-1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'default',
    operation,
    userInfo: {},
    object: after,
    oldObject: before,
    ...parts,
  };
};

/** What is called, or why nothing is. */
const called = (request: AdmissionRequest): unknown => {
  const decision = forward(request, CONTEXT);
  return decision.kind === 'event' ? decision.event.calls : decision.code;
};

const statusReview = (before: Pod, after: Pod) => review(before, after, { subResource: 'status' });

describe('launch', () => {
  const containers = [behind(100, main('first')), behind(0, main('second'))];
  const statuses = [statusOf('first', RUNNING), statusOf('second', WAITING)];
  const starting = makePod({ containers, statuses, phase: 'Pending' });
  const next = (first: ReturnType<typeof statusOf>, metadata: Partial<Pod['metadata']> = {}): Pod =>
    makePod({ containers, statuses: [first, statusOf('second', WAITING)], phase: 'Pending', metadata });
  const completed = { annotations: { [COMPLETED]: 'true' } };

  it.each<[string, Pod | null, Pod | null, unknown]>([
    ['is called when a Pod with a start level is created', null, makePod({ containers }), ['launch']],
    [
      'is called when a container has turned ready',
      starting,
      next(statusOf('first', RUNNING, true)),
      ['launch'],
    ],
    ['is called when a container has begun to wait', makePod({ containers }), starting, ['launch']],
    ['is called when a container has ended', starting, next(statusOf('first', ended(0))), ['launch']],
    ['is not called when nothing has changed', starting, starting, 'ObserveNothing'],
    [
      'is not called when all levels are open',
      starting,
      next(statusOf('first', RUNNING, true), completed),
      'ObserveNothing',
    ],
    [
      'is not called for a Pod that is being deleted',
      starting,
      next(statusOf('first', RUNNING, true), { deletionTimestamp: '2026-03-01T12:00:00Z' }),
      'ObserveNothing',
    ],
    ['is not called when the Pod is gone', starting, null, 'ObserveNothing'],
    ['is not called without a start level', null, makePod({ containers: [main()] }), 'ObserveNothing'],
  ])('%s', (_, before, after, expected) => {
    expect(called(review(before, after))).toEqual(expected);
  });
});

describe('terminate', () => {
  const plainSide = { ...sidecar(), env: sidecar().env?.filter(({ name }) => name !== 'IS_INJECTED') };
  const jobPod = (
    mainState = RUNNING,
    sideState = RUNNING,
    restartPolicy: Pod['spec']['restartPolicy'] = 'Never',
  ) =>
    makePod({
      containers: [main(), plainSide],
      statuses: [statusOf('main', mainState), statusOf('side', sideState)],
      phase: 'Running',
      spec: { restartPolicy },
    });

  const withKiller = (pod: Pod, state: ContainerState): Pod => ({
    ...pod,
    status: { ...pod.status, ephemeralContainerStatuses: [statusOf('sidecarset-end-1', state)] },
  });

  it.each<[string, Pod | null, Pod | null, unknown]>([
    ['is called when the main container has ended', jobPod(), jobPod(ended(1)), ['terminate']],
    [
      'is called when the sidecar runs again after that',
      jobPod(ended(0), WAITING),
      jobPod(ended(0)),
      ['terminate'],
    ],
    [
      'is not called when the sidecar has ended too',
      jobPod(ended(0)),
      jobPod(ended(0), ended(0)),
      'ObserveNothing',
    ],
    ['is not called while the main container runs', jobPod(RUNNING, WAITING), jobPod(), 'ObserveNothing'],
    ['is not called when nothing has changed', jobPod(ended(0)), jobPod(ended(0)), 'ObserveNothing'],
    [
      'is not called under Always',
      jobPod(RUNNING, RUNNING, 'Always'),
      jobPod(ended(0), RUNNING, 'Always'),
      'ObserveNothing',
    ],
    ['is not called for a Pod that is created', null, jobPod(ended(0)), 'ObserveNothing'],
    ['is not called when the Pod is gone', jobPod(ended(0)), null, 'ObserveNothing'],
    [
      'is called when the ephemeral container that was to signal has failed',
      withKiller(jobPod(ended(0)), RUNNING),
      withKiller(jobPod(ended(0)), ended(1)),
      ['terminate'],
    ],
    [
      'is called when the first that is known of it is that it has failed',
      jobPod(ended(0)),
      withKiller(jobPod(ended(0)), ended(1)),
      ['terminate'],
    ],
    [
      'is not called when it runs now',
      withKiller(jobPod(ended(0)), WAITING),
      withKiller(jobPod(ended(0)), RUNNING),
      'ObserveNothing',
    ],
    [
      'is not called for one that failed before and is reported again',
      withKiller(jobPod(ended(0)), ended(1)),
      withKiller(jobPod(ended(0)), ended(1)),
      'ObserveNothing',
    ],
    [
      'is not called for an ephemeral container while the main container runs',
      withKiller(jobPod(), RUNNING),
      withKiller(jobPod(), ended(1)),
      'ObserveNothing',
    ],
  ])('%s', (_, before, after, expected) => {
    expect(called(review(before, after))).toEqual(expected);
  });
});

describe('rollout for a Pod', () => {
  interface Parts {
    sets?: string;
    hash?: string;
    labels?: Record<string, string>;
    ready?: boolean;
    phase?: NonNullable<Pod['status']>['phase'];
    imageID?: string;
    deletionTimestamp?: string;
    resourceVersion?: string;
  }
  const injected = (parts: Parts = {}): Pod => {
    const {
      sets = 'logs',
      hash = 'h1',
      ready = true,
      phase = 'Running',
      imageID = 'id-1',
      ...metadata
    } = parts;
    return makePod({
      containers: [main(), { name: 'side', env: [{ name: 'IS_INJECTED', value: 'true' }] }],
      statuses: [statusOf('main', RUNNING, true), { ...statusOf('side', RUNNING, true), imageID }],
      phase,
      ready,
      metadata: { ...metadata, annotations: { [LIST]: sets, [HASH]: hash } },
      spec: { restartPolicy: 'Always' },
    });
  };

  it.each<[string, Pod | null, Pod | null, unknown]>([
    ['is called for its creation', null, injected(), ['rollout']],
    ['is called for its deletion', injected(), null, ['rollout']],
    ['is called when it turns ready', injected({ ready: false }), injected(), ['rollout']],
    ['is called when it turns unready', injected(), injected({ ready: false }), ['rollout']],
    [
      'is called when the kubelet has started the new image',
      injected(),
      injected({ imageID: 'id-2' }),
      ['rollout'],
    ],
    [
      'is called when it ends without having been ready',
      injected({ ready: false, phase: 'Pending' }),
      injected({ ready: false, phase: 'Failed' }),
      ['rollout'],
    ],
    ['is called when its labels change', injected(), injected({ labels: { canary: 'yes' } }), ['rollout']],
    ['is called when somebody changes its hashes', injected(), injected({ hash: 'h2' }), ['rollout']],
    ['is called when somebody changes its injected list', injected(), injected({ sets: '' }), ['rollout']],
    [
      'is called when it is marked as deleted',
      injected(),
      injected({ deletionTimestamp: CONTEXT.at }),
      ['rollout'],
    ],
    [
      'is not called when its status is written anew',
      injected(),
      injected({ resourceVersion: '8' }),
      'ObserveNothing',
    ],
    ['is not called when it starts to run', injected({ phase: 'Pending' }), injected(), 'ObserveNothing'],
    [
      'is not called for a Pod without an injected list',
      injected({ sets: '' }),
      injected({ sets: '', ready: false }),
      'ObserveNothing',
    ],
    [
      'is not called for the creation of a Pod without an injected list',
      null,
      injected({ sets: '' }),
      'ObserveNothing',
    ],
  ])('%s', (_, before, after, expected) => {
    expect(called(review(before, after))).toEqual(expected);
  });

  interface Native {
    agent?: Partial<ContainerStatus>;
    main?: Partial<ContainerStatus>;
    image?: string;
    annotations?: Record<string, string>;
    generation?: number;
    observed?: number;
    spec?: Partial<Pod['spec']>;
  }
  /** With a native sidecar `agent`. */
  const native = (parts: Native = {}): Pod => {
    const { agent, main: own, image = 'agent:1', annotations, generation = 1, observed, spec } = parts;
    const pod = makePod({
      containers: [main()],
      statuses: [{ ...statusOf('main', RUNNING, true), ...own }],
      phase: 'Running',
      metadata: { annotations: { [LIST]: 'logs', ...annotations }, generation },
      spec: {
        restartPolicy: 'Always',
        initContainers: [{ ...sidecar('agent'), image, restartPolicy: 'Always' }],
        ...spec,
      },
    });
    const initContainerStatuses = [{ ...statusOf('agent', RUNNING, true), ...agent }];
    return { ...pod, status: { ...pod.status, initContainerStatuses, observedGeneration: observed } };
  };
  const waits = (reason: string) => ({ ready: false, state: { waiting: { reason } } });
  const crashed = { ready: false, state: ended(1) };
  const hot = (parts: Native = {}, working = 'hot-1'): Pod =>
    native({
      ...parts,
      annotations: { 'kruise.io/sidecarset-working-hotupgrade-container': `{"hot":"${working}"}` },
    });
  const upgraded = (parts: Native): Pod =>
    native({ ...parts, annotations: { 'kruise.io/sidecarset-inplace-update-state': '{}' } });

  it.each<[string, Pod, Pod, unknown]>([
    [
      'is called when a native sidecar gets another image',
      native(),
      native({ image: 'agent:2' }),
      ['rollout'],
    ],
    [
      'is called when a native sidecar runs it',
      native(),
      native({ agent: { imageID: 'id-2' } }),
      ['rollout'],
    ],
    ['is called when a sidecar is not ready', native(), native({ agent: { ready: false } }), ['rollout']],
    [
      'is called when a sidecar can not be pulled',
      native(),
      native({ agent: waits('ErrImagePull') }),
      ['rollout'],
    ],
    [
      'is called when a main container fails',
      native({ main: { ready: false } }),
      native({ main: crashed }),
      ['rollout'],
    ],
    [
      'is not called while it fails on and on',
      native({ main: waits('ErrImagePull') }),
      native({ main: waits('ImagePullBackOff') }),
      'ObserveNothing',
    ],
    [
      'is not called when it tries once more',
      native({ main: crashed }),
      native({ main: { ready: false } }),
      'ObserveNothing',
    ],
    [
      'is not called when a container starts',
      native({ main: waits('PodInitializing') }),
      native({ main: waits('ContainerCreating') }),
      'ObserveNothing',
    ],
    [
      'is not called when a main container is not ready',
      native(),
      native({ main: { ready: false } }),
      'ObserveNothing',
    ],
    [
      'is called for it where a hot upgrade waits for that',
      hot(),
      hot({ main: { ready: false } }),
      ['rollout'],
    ],
    ['is called when another of the two containers works', hot(), hot({}, 'hot-2'), ['rollout']],
    [
      'is called when the node has seen an upgrade',
      upgraded({ generation: 2, observed: 1 }),
      upgraded({ generation: 2, observed: 2 }),
      ['rollout'],
    ],
    [
      'is not called when it has seen one of several writes',
      upgraded({ generation: 3, observed: 1 }),
      upgraded({ generation: 3, observed: 2 }),
      'ObserveNothing',
    ],
    [
      'is not called when others write the spec',
      upgraded({ generation: 2, observed: 2 }),
      upgraded({ generation: 3, observed: 2 }),
      'ObserveNothing',
    ],
    [
      'is not called when the node has seen the spec of a Pod that was never upgraded',
      native({ generation: 2, observed: 1 }),
      native({ generation: 2, observed: 2 }),
      'ObserveNothing',
    ],
  ])('%s', (_, before, after, expected) => {
    expect(called(statusReview(before, after))).toEqual(expected);
  });

  it('is not called when a container waits for its start level, nor when that is opened', () => {
    const at = (reason: string, annotations = {}): Pod =>
      native({ annotations, main: waits(reason), spec: { containers: [behind(0, main())] } });
    const waiting = at('CreateContainerConfigError');
    expect(called(statusReview(at('ContainerCreating'), waiting))).toEqual(['launch']);
    const opened = at('CreateContainerConfigError', { [COMPLETED]: 'true' });
    expect(called(review(waiting, opened))).toBe('ObserveNothing');
  });

  it('names the SidecarSets of before and after', () => {
    const decision = forward(review(injected({ sets: 'a,b' }), injected({ sets: 'b,c' })), CONTEXT);
    expect(decision).toMatchObject({ event: { sets: ['a', 'b', 'c'] } });
  });

  it.each([
    { username: 'sidecarset:rollout', groups: ['sidecarset:rollout', 'sidecarset:functions'] },
    { username: 'system:serviceaccount:sidecarset-system:rollout', groups: ['system:authenticated'] },
  ])('is not called for what rollout ($username) has written itself', (userInfo) => {
    const change = review(injected({ hash: 'h1' }), injected({ hash: 'h2' }), { userInfo });
    expect(forward(change, CONTEXT)).toEqual({ kind: 'nothing', code: 'ObserveNothing' });
    const eviction = { metadata: { name: 'web-1', namespace: 'default' } };
    const evicted = review(null, eviction, { subResource: 'eviction', name: 'web-1', userInfo });
    expect(forward(evicted, CONTEXT)).toEqual({ kind: 'nothing', code: 'ObserveNothing' });
  });

  it.each([
    { username: 'sidecarset:terminate', groups: ['sidecarset:terminate', 'sidecarset:functions'] },
    { username: 'system:serviceaccount:sidecarset-system:terminate' },
  ])('is not called for the image by which terminate ($username) ends a sidecar, but for the phase', (userInfo) => {
    const change = [injected({ hash: 'h1' }), injected({ hash: 'h2' })] as const;
    expect(called(review(...change, { userInfo }))).toBe('ObserveNothing');
    expect(called(review(...change, { userInfo, subResource: 'status' }))).toEqual(['rollout']);
  });

  it('is called for an eviction, which names only the Pod', () => {
    const eviction = { metadata: { name: 'web-1', namespace: 'default' } };
    const request = review(null, eviction, { subResource: 'eviction', name: 'web-1' });
    expect(forward(request, CONTEXT)).toMatchObject({
      event: { calls: ['rollout'], sets: [], ref: { kind: 'Pod', namespace: 'default', name: 'web-1' } },
    });
  });
});

describe('rollout for a SidecarSet', () => {
  const resource = { group: 'apps.kruise.io', version: 'v1beta1', resource: 'sidecarsets' };
  const set = (
    generation: number,
    metadata: Partial<KubernetesObject['metadata']> = {},
  ): KubernetesObject => ({
    metadata: { name: 'logs', uid: 'set-1', resourceVersion: String(generation), generation, ...metadata },
  });

  it.each<[string, KubernetesObject | null, KubernetesObject | null, Partial<AdmissionRequest>, unknown]>([
    ['is called for its creation', null, set(1), {}, ['rollout']],
    ['is called for its deletion', set(1), null, {}, ['rollout']],
    ['is called for a new generation', set(1), set(2), {}, ['rollout']],
    [
      'is called when it is marked as deleted',
      set(1),
      set(1, { deletionTimestamp: CONTEXT.at }),
      {},
      ['rollout'],
    ],
    ['is not called for another label', set(1), set(1, { labels: { a: 'b' } }), {}, 'ObserveNothing'],
    [
      'is not called for its status: a claim must not feed itself',
      set(1),
      set(2),
      { subResource: 'status' },
      'ObserveNothing',
    ],
  ])('%s', (_, before, after, parts, expected) => {
    expect(called(review(before, after, { resource, namespace: undefined, ...parts }))).toEqual(expected);
  });

  it('names the SidecarSet itself', () => {
    expect(forward(review(set(1), set(2), { resource, namespace: undefined }), CONTEXT)).toEqual({
      kind: 'event',
      event: {
        v: 1,
        cluster: 'test',
        ref: { kind: 'SidecarSet', namespace: undefined, name: 'logs', uid: 'set-1' },
        sets: ['logs'],
        resourceVersion: '1',
        calls: ['rollout'],
        hops: 0,
        looks: 0,
        at: CONTEXT.at,
      },
    } satisfies Forward);
  });
});

describe('the event', () => {
  const pod = (resourceVersion: string, ready = true): Pod =>
    makePod({
      containers: [main()],
      ready,
      metadata: { resourceVersion, annotations: { [LIST]: 'logs' } },
    });
  const versionIn = (request: AdmissionRequest): unknown => {
    const decision = forward(request, CONTEXT);
    return decision.kind === 'event' ? decision.event.resourceVersion : decision.code;
  };

  it.each<[string, Pod | null, Pod | null, string | undefined]>([
    ['no version for a creation', null, pod('7'), undefined],
    ['the replaced version for an update', pod('7'), pod('7', false), '7'],
    ['the last version for a deletion', pod('7'), null, '7'],
  ])('carries %s', (_, before, after, expected) => {
    expect(versionIn(review(before, after))).toBe(expected);
  });

  it('calls for all the work of one change', () => {
    const containers = [behind(1, sidecar()), behind(0, main())];
    const at = (state: typeof RUNNING): Pod =>
      makePod({
        containers,
        statuses: [statusOf('side', RUNNING, true), statusOf('main', state)],
        phase: 'Running',
        metadata: { annotations: { [LIST]: 'logs' } },
      });
    const after = at(ended(0));
    expect(
      called(statusReview(at(RUNNING), { ...after, metadata: { ...after.metadata, labels: { a: 'b' } } })),
    ).toEqual(['launch', 'terminate', 'rollout']);
  });

  it('takes the name from the old object of a deletecollection', () => {
    const decision = forward(review(pod('7'), null, { name: '' }), CONTEXT);
    expect(decision).toMatchObject({ event: { ref: { name: 'job-x', uid: 'uid-x' } } });
  });
});

it.each<[string, Partial<AdmissionRequest>, string]>([
  ['a dry run', { dryRun: true }, 'ObserveDryRun'],
  ['kube-system', { namespace: 'kube-system' }, 'ObserveNamespace'],
  ['our own namespace', { namespace: 'sidecarset-system' }, 'ObserveNamespace'],
  ['another subresource', { subResource: 'binding' }, 'ObserveNothing'],
  [
    'another resource',
    { resource: { group: 'apps', version: 'v1', resource: 'deployments' } },
    'ObserveNothing',
  ],
  [
    'another group',
    { resource: { group: 'metrics.k8s.io', version: 'v1', resource: 'pods' } },
    'ObserveNothing',
  ],
  [
    'a Pod without a namespace',
    { namespace: undefined, object: { metadata: { name: 'x' } } },
    'ObserveUnreadable',
  ],
  ['a name that is a path', { object: { metadata: { name: '../secrets/x' } } }, 'ObserveUnreadable'],
  ['a namespace that is a path', { namespace: 'a/b' }, 'ObserveUnreadable'],
])('sends nothing for %s', (_, parts, expected) => {
  const pod = makePod({ containers: [main()], metadata: { annotations: { [LIST]: 'logs' } } });
  expect(called(review(null, pod, parts))).toBe(expected);
});
