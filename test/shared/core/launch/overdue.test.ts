import { describe, expect, it } from 'vitest';
import type { Report } from '../../../../shared/core/launch/report.ts';
import type { Condition, ContainerState, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { behind, ended, main, makePod, RUNNING, statusOf, WAITING } from '../../../support/pods.ts';
import {
  CONDITION,
  configMap,
  NOW,
  OPENED,
  OPENED_AT,
  opened,
  plan,
  reported,
  TOLD,
  threeLevels,
} from './pods.ts';

const TIMEOUT = 'serverless.sidecarset.io/launch-timeout-seconds';
const PULL = { waiting: { reason: 'ErrImagePull', message: 'no such image' } };

const secondsAgo = (seconds: number): string => new Date(NOW.getTime() - seconds * 1000).toISOString();

interface Parts {
  state?: ContainerState;
  /** Seconds. */
  openFor?: number;
  timeout?: string;
  conditions?: Condition[];
  spec?: Partial<PodSpec>;
}

/** The first level is open, and its container is in `state`. */
const blocked = ({ state = RUNNING, openFor = 400, timeout, conditions = [], spec }: Parts = {}): Pod => {
  const metadata = opened('p_100', secondsAgo(openFor));
  const annotations = { ...metadata.annotations, ...(timeout !== undefined && { [TIMEOUT]: timeout }) };
  const pod = threeLevels([state, WAITING, WAITING], [], { annotations });
  return {
    ...pod,
    spec: { ...pod.spec, nodeName: 'node', ...spec },
    status: { ...pod.status, conditions },
  };
};

/** As {@link blocked}; the first level of a Pod of that age was opened without a poke. */
const unrecorded = (seconds: number): Pod => {
  const pod = blocked();
  return { ...pod, metadata: { ...pod.metadata, annotations: {}, creationTimestamp: secondsAgo(seconds) } };
};

const report = (pod: Pod, keys = ['p_100']): Report => reported(plan(pod, configMap(keys)));
const initialized = (status: Condition['status'], seconds: number): Condition => ({
  type: 'Initialized',
  status,
  lastTransitionTime: secondsAgo(seconds),
});

describe('a level that does not open the next one', () => {
  it('is told by an Event that is created once, and by a condition', () => {
    const message =
      'Start level 100 has not become ready in 300 s, the containers below it wait: container side is running, but not ready';
    expect(report(blocked())).toEqual({
      kind: 'report',
      code: 'LaunchBlocked',
      event: expect.objectContaining({
        metadata: { namespace: 'default', name: 'uid-x.launch-blocked.level100' },
        involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'job-x', uid: 'uid-x' },
        type: 'Warning',
        reason: 'LaunchBlocked',
        message,
      }),
      write: {
        annotations: {},
        status: {
          conditions: [
            {
              type: CONDITION,
              status: 'True',
              reason: 'LevelNotReady',
              message,
              lastTransitionTime: '2026-03-01T12:00:00Z',
            },
          ],
        },
      },
    });
  });

  it.each<[string, Pod, boolean]>([
    ['is told when its time is over', blocked({ openFor: 300 }), true],
    ['is not told before', blocked({ openFor: 299 }), false],
    ['has the time that the Pod says', blocked({ openFor: 20, timeout: '20' }), true],
    ['is never told with 0', blocked({ openFor: 100_000, timeout: '0' }), false],
    ['has the default if that can not be read', blocked({ openFor: 299, timeout: '1.5' }), false],
    ['is told once', blocked({ conditions: [TOLD] }), false],
    [
      'is told anew after it has opened',
      blocked({ conditions: [{ type: CONDITION, status: 'False' }] }),
      true,
    ],
    ['has it from the creation of the Pod, if it is the first', unrecorded(300), true],
    ['is not told before, if it is the first', unrecorded(299), false],
    ['waits for a node', blocked({ spec: { nodeName: undefined } }), false],
    ['waits for init containers', blocked({ conditions: [initialized('False', 400)] }), false],
    ['has its time from the end of those', blocked({ conditions: [initialized('True', 200)] }), false],
    ['has it from its opening, if that is later', blocked({ conditions: [initialized('True', 900)] }), true],
  ])('%s', (_, pod, isTold) => {
    expect(plan(pod, configMap(['p_100'])).kind).toBe(isTold ? 'report' : 'nothing');
  });

  const message = (pod: Pod): string => report(pod).event.message;

  it.each<[string, Parts, string]>([
    ['that waits', { state: PULL }, 'container side is waiting (ErrImagePull: no such image)'],
    ['that waits without a message', { state: WAITING }, 'side is waiting (CreateContainerConfigError)'],
    ['that has ended', { state: ended(3), spec: { restartPolicy: 'Always' } }, 'terminated with exit code 3'],
    ['that has no state', { state: {} }, 'container side is not started yet'],
    [
      'whose time can not be read',
      { timeout: 'soon' },
      `(annotation ${TIMEOUT} is no whole number of seconds`,
    ],
  ])('names a container %s', (_, parts, text) => {
    expect(message(blocked(parts))).toContain(text);
  });

  it('names all containers that hold it, with how they ended last, and no others', () => {
    const containers = [
      behind(1, main('a')),
      behind(1, main('b')),
      behind(1, main('c')),
      behind(0, main('d')),
    ];
    const crashing = statusOf('b', { waiting: { reason: 'CrashLoopBackOff' } });
    const pod = makePod({
      containers,
      statuses: [statusOf('a', RUNNING), { ...crashing, lastState: ended(2) }, statusOf('c', RUNNING, true)],
      metadata: opened('p_1', secondsAgo(400)),
      spec: { nodeName: 'node' },
    });
    expect(report(pod, ['p_1']).event.message).toMatch(
      /: container a is running, but not ready; container b is waiting \(CrashLoopBackOff\), last exit code 2$/,
    );
  });

  it('keeps to the length that Kubernetes takes', () => {
    const containers = Array.from({ length: 40 }, (_, index) => behind(1, main(`container-${index}`)));
    const state = { waiting: { reason: 'ErrImagePull', message: 'x'.repeat(5000) } };
    const pod = makePod({
      containers: [...containers, behind(0, main())],
      statuses: containers.map(({ name }) => statusOf(name, state)),
      metadata: opened('p_1', secondsAgo(400)),
      spec: { nodeName: 'node' },
    });
    expect(report(pod, ['p_1']).event.message.length).toBe(1024);
  });

  it('takes the condition back in the write that opens the next one', () => {
    const pod = blocked({ conditions: [TOLD] });
    const [first, ...others] = pod.status?.containerStatuses ?? [];
    const containerStatuses = [{ ...statusOf('side', RUNNING), ...first, ready: true }, ...others];
    const decided = plan({ ...pod, status: { ...pod.status, containerStatuses } }, configMap(['p_100']));
    expect(decided).toMatchObject({
      kind: 'open',
      write: {
        annotations: { [OPENED]: 'p_0', [OPENED_AT]: '2026-03-01T12:00:00Z' },
        status: { conditions: [{ type: CONDITION, status: 'False', reason: 'LevelOpened' }] },
      },
    });
  });
});
