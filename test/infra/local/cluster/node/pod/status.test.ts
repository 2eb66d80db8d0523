import { expect, it } from 'vitest';
import { done, type Given, main, side, verdict } from './verdict.ts';
import { run, snapshot } from './views.ts';

it.each<[string, Given, string]>([
  ['nothing has started', {}, 'Pending'],
  ['one runs and one waits', { snapshot: snapshot({ side: side() }) }, 'Pending'],
  ['one has completed and one waits', { snapshot: snapshot({ main: main(0) }) }, 'Pending'],
  ['both run', { snapshot: snapshot({ main: main(), side: side() }) }, 'Running'],
  ['one runs, one has failed', { snapshot: snapshot({ main: main(1), side: side() }) }, 'Running'],
  ['all succeeded', { snapshot: snapshot({ main: main(0), side: side(0) }) }, 'Succeeded'],
  ['one failed under Never', { snapshot: snapshot({ main: main(0), side: side(143) }) }, 'Failed'],
  [
    'one failed under OnFailure',
    { spec: { restartPolicy: 'OnFailure' }, snapshot: snapshot({ main: main(0), side: side(1) }) },
    'Running',
  ],
  [
    'all succeeded under Always',
    { spec: { restartPolicy: 'Always' }, snapshot: snapshot({ main: main(0), side: side(0) }) },
    'Running',
  ],
  [
    'all succeeded under Always in a Pod that is over',
    { over: true, spec: { restartPolicy: 'Always' }, snapshot: snapshot({ main: main(0), side: side(0) }) },
    'Succeeded',
  ],
  [
    'one never started in a Pod that is over',
    { over: true, snapshot: snapshot({ main: main(0) }) },
    'Failed',
  ],
  [
    'an init container runs',
    { spec: { initContainers: [{ name: 'i' }] }, snapshot: snapshot({ i: run() }) },
    'Pending',
  ],
  [
    'an init container failed under Never',
    { spec: { initContainers: [{ name: 'i' }] }, snapshot: snapshot({ i: run(1) }) },
    'Failed',
  ],
])('when %s the phase is %s', (_, given, phase) => {
  expect(verdict(given).phase).toBe(phase);
});

it('a terminal phase is held back until the Pod is over', () => {
  const before = { phase: 'Running' as const };
  expect(verdict({ ...done, before }).status.phase).toBe('Running');
  expect(verdict({ ...done, before, over: true }).status.phase).toBe('Succeeded');
});

it('the address appears with the sandbox', () => {
  expect(verdict({ snapshot: snapshot({}, false) }).status).not.toHaveProperty('podIP');
  expect(verdict({}).status).toMatchObject({
    podIP: '10.244.0.2',
    hostIP: '127.0.0.1',
    observedGeneration: 3,
  });
});

it('a container that waits tells the reason of its last try', () => {
  const waiting = new Map([['main', { reason: 'CreateContainerConfigError', message: 'no key' }]]);
  const { status } = verdict({ waiting, snapshot: snapshot({ side: side() }) });
  expect(status.containerStatuses?.[0]).toMatchObject({
    image: 'app:1',
    imageID: '',
    restartCount: 0,
    state: { waiting: { reason: 'CreateContainerConfigError', message: 'no key' } },
  });
});

it('a container that has started tells what it has, also where that is nothing', () => {
  const requests = { cpu: '1' };
  const { status } = verdict({
    spec: {
      containers: [
        { name: 'main', resources: { requests } },
        { name: 'side' },
        { name: 'new', resources: { requests } },
      ],
    },
    snapshot: snapshot({ main: main(), side: side(0) }),
  });
  const told = status.containerStatuses?.map((container) => ({ ...container }) as Record<string, unknown>);
  expect(told?.map(({ resources, allocatedResources }) => [resources, allocatedResources])).toEqual([
    [{ requests }, requests],
    [{}, undefined],
    [undefined, undefined],
  ]);
});

it('a container in CrashLoopBackOff shows its last run as lastState', () => {
  const waiting = new Map([['main', { reason: 'CrashLoopBackOff' }]]);
  const given = { waiting, spec: { restartPolicy: 'Always' as const } };
  const { status } = verdict({ ...given, snapshot: snapshot({ main: main(2), side: side() }) });
  expect(status.containerStatuses?.[0]).toMatchObject({
    ready: false,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode: 2, reason: 'Error', finishedAt: '2026-08-20T10:00:05Z' } },
  });
});

it('under Never a failed start does not hide that the container has ended', () => {
  const waiting = new Map([['side', { reason: 'ErrImagePull' }]]);
  const { status } = verdict({ waiting, snapshot: snapshot({ main: main(), side: side(0) }) });
  expect(status.containerStatuses?.[1]?.state).toMatchObject({ terminated: { exitCode: 0 } });
});

it('a restarted container shows its run before and counts', () => {
  const current = run(undefined, { id: 's', attempt: 1, image: 'app:2' });
  const { status } = verdict({ snapshot: snapshot({ main: main(), side: { current, previous: run(137) } }) });
  expect(status.containerStatuses?.[1]).toMatchObject({
    image: 'app:2',
    restartCount: 1,
    ready: true,
    lastState: { terminated: { exitCode: 137 } },
  });
});

const condition = (given: Given, type: string) =>
  verdict(given).status.conditions?.find((found) => found.type === type);

it.each<[string, Given, string, object]>([
  [
    'Ready with all ready',
    { snapshot: snapshot({ main: main(), side: side() }) },
    'Ready',
    { status: 'True' },
  ],
  [
    'not Ready with one that is not',
    { ready: new Set(['m']), snapshot: snapshot({ main: main(), side: side() }) },
    'Ready',
    { status: 'False', reason: 'ContainersNotReady', message: 'containers with unready status: [side]' },
  ],
  ['not Ready when completed', done, 'ContainersReady', { status: 'False', reason: 'PodCompleted' }],
  [
    'not initialized',
    { spec: { initContainers: [{ name: 'i' }] } },
    'Initialized',
    { reason: 'ContainersNotInitialized' },
  ],
  ['set up', {}, 'PodReadyToStartContainers', { status: 'True' }],
  ['taken down', { ...done, over: true }, 'PodReadyToStartContainers', { status: 'False' }],
])('a Pod is %s', (_, given, type, expected) => {
  expect(condition(given, type)).toMatchObject(expected);
});

it("a condition's lastTransitionTime moves only with its status", () => {
  const old = '2026-08-20T09:00:00Z';
  const before = {
    conditions: [
      { type: 'Ready', status: 'True' as const, lastTransitionTime: old },
      { type: 'PodScheduled', status: 'True' as const, lastTransitionTime: old },
    ],
  };
  expect(condition({ before }, 'PodScheduled')?.lastTransitionTime).toBe(old);
  expect(condition({ before }, 'Ready')).toMatchObject({
    status: 'False',
    lastTransitionTime: '2026-08-20T10:01:00Z',
  });
});
