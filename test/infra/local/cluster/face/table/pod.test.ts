import { describe, expect, it } from 'vitest';
import { POD_COLUMNS, summarize } from '../../../../../../infra/local/cluster/face/table/pod.ts';
import type { ContainerStatus, Pod } from '../../../../../../shared/model/kubernetes.ts';

const running = (name: string, ready = true): ContainerStatus => ({
  name,
  image: '',
  imageID: '',
  ready,
  started: true,
  restartCount: 0,
  state: { running: {} },
});
const waiting = (name: string, reason?: string): ContainerStatus => ({
  ...running(name, false),
  started: false,
  state: { waiting: { reason } },
});
const ended = (name: string, exitCode: number, reason?: string, signal?: number): ContainerStatus => ({
  ...running(name, false),
  state: { terminated: { exitCode, reason, signal } },
});

const pod = (
  status: Pod['status'],
  extra: { init?: Pod['spec']['initContainers']; deleted?: boolean } = {},
): Pod => ({
  metadata: { name: 'web', ...(extra.deleted && { deletionTimestamp: '2026-01-01T00:00:00Z' }) },
  spec: {
    containers: (status?.containerStatuses ?? [running('main')]).map(({ name }) => ({ name })),
    initContainers: extra.init,
  },
  status,
});

const ready = [{ type: 'Ready', status: 'True' as const }];
const initialized = [{ type: 'Initialized', status: 'True' as const }];

describe('STATUS and READY of a pod', () => {
  it.each<[string, Pod, string, string]>([
    ['a new pod', pod({ phase: 'Pending' }), 'Pending', '0/1'],
    [
      'a pod whose containers are being created',
      pod({ phase: 'Pending', containerStatuses: [waiting('main', 'ContainerCreating')] }),
      'ContainerCreating',
      '0/1',
    ],
    [
      'a pod with one container behind its barrier',
      pod({
        phase: 'Pending',
        containerStatuses: [waiting('main', 'CreateContainerConfigError'), running('side')],
      }),
      'CreateContainerConfigError',
      '1/2',
    ],
    ['a running pod', pod({ phase: 'Running', containerStatuses: [running('main')] }), 'Running', '1/1'],
    [
      'a running pod that is not ready',
      pod({ phase: 'Running', containerStatuses: [running('main', false)] }),
      'Running',
      '0/1',
    ],
    [
      'a ready pod of which one container has completed',
      pod({
        phase: 'Running',
        containerStatuses: [ended('main', 0, 'Completed'), running('side')],
        conditions: ready,
      }),
      'Running',
      '1/2',
    ],
    [
      'an unready pod of which one container has completed',
      pod({ phase: 'Running', containerStatuses: [ended('main', 0, 'Completed'), running('side')] }),
      'NotReady',
      '1/2',
    ],
    [
      'a pod that is done',
      pod({ phase: 'Succeeded', containerStatuses: [ended('main', 0, 'Completed')] }),
      'Completed',
      '0/1',
    ],
    [
      'a failed pod',
      pod({ phase: 'Failed', containerStatuses: [ended('main', 1, 'Error')] }),
      'Error',
      '0/1',
    ],
    [
      'a container that ended without a reason',
      pod({ phase: 'Failed', containerStatuses: [ended('main', 3)] }),
      'ExitCode:3',
      '0/1',
    ],
    [
      'a container ended by a signal without a reason',
      pod({ phase: 'Failed', containerStatuses: [ended('main', 137, undefined, 9)] }),
      'Signal:9',
      '0/1',
    ],
    [
      'a pod that is being deleted',
      pod({ phase: 'Running', containerStatuses: [running('main')] }, { deleted: true }),
      'Terminating',
      '1/1',
    ],
    [
      'a completed pod that is being deleted',
      pod({ phase: 'Succeeded', containerStatuses: [ended('main', 0, 'Completed')] }, { deleted: true }),
      'Completed',
      '0/1',
    ],
    ['an evicted pod', pod({ phase: 'Failed', reason: 'Evicted', containerStatuses: [] }), 'Evicted', '0/0'],
    [
      'a pod in its first of two init containers',
      pod(
        { phase: 'Pending', initContainerStatuses: [running('a'), waiting('b', 'PodInitializing')] },
        {
          init: [{ name: 'a' }, { name: 'b' }],
        },
      ),
      'Init:0/2',
      '0/1',
    ],
    [
      'a pod whose init container crashes',
      pod(
        { phase: 'Pending', initContainerStatuses: [waiting('a', 'CrashLoopBackOff')] },
        { init: [{ name: 'a' }] },
      ),
      'Init:CrashLoopBackOff',
      '0/1',
    ],
    [
      'a pod with a native sidecar',
      pod(
        {
          phase: 'Running',
          initContainerStatuses: [running('side')],
          containerStatuses: [running('main')],
          conditions: initialized,
        },
        { init: [{ name: 'side', restartPolicy: 'Always' }] },
      ),
      'Running',
      '2/2',
    ],
  ])('%s', (_name, subject, status, counted) => {
    const summary = summarize(subject);
    expect([summary.status, `${summary.ready}/${summary.total}`]).toEqual([status, counted]);
  });

  it('shows restarts with the time since the last one', () => {
    const column = POD_COLUMNS.find(({ name }) => name === 'Restarts');
    const restarted = {
      ...running('main'),
      restartCount: 2,
      lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:00:00Z' } },
    };
    const subject = pod({ phase: 'Running', containerStatuses: [restarted, running('side')] });
    expect(column?.cell(subject, new Date('2026-01-01T00:00:30Z'))).toBe('2 (30s ago)');
  });
});
