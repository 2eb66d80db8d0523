/** Objects as the API server would hold them, and a clock that tests move. */
import type {
  Deployment,
  Job,
  ReplicaSet,
} from '../../../../../infra/local/cluster/controllers/workloads.ts';
import type { Clock, Log } from '../../../../../shared/io/ports.ts';
import type { ContainerStatus, ObjectMeta, Pod, PodStatus } from '../../../../../shared/model/kubernetes.ts';

export const NOW = new Date('2026-03-01T12:00:00Z');
export const seconds = (offset: number): string =>
  `${new Date(NOW.getTime() + offset * 1000).toISOString().slice(0, 19)}Z`;

const SPEC = { containers: [{ name: 'main', image: 'nginx:1' }] };

export const job = (spec: Partial<Job['spec']> = {}, status: Job['status'] = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'mock', namespace: 'default', uid: 'job-uid', resourceVersion: '7' },
  spec: {
    parallelism: 1,
    completions: 1,
    backoffLimit: 0,
    template: { metadata: { labels: { app: 'mock' } }, spec: { ...SPEC, restartPolicy: 'Never' } },
    ...spec,
  },
  status,
});

export const TRACKED = { finalizers: ['batch.kubernetes.io/job-tracking'] };

export const pod = (name: string, status: PodStatus = {}, metadata: Partial<ObjectMeta> = {}): Pod => ({
  metadata: { name, namespace: 'default', uid: `${name}-uid`, resourceVersion: '1', ...metadata },
  spec: { ...SPEC, nodeName: 'local-node' },
  status: { phase: 'Pending', ...status },
});

export const ready = (since = 0): PodStatus => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: seconds(since) }],
});

export const restarted = (restartCount: number): ContainerStatus => ({
  name: 'main',
  image: 'nginx:1',
  imageID: '',
  ready: false,
  restartCount,
});

export const ended = (phase: 'Succeeded' | 'Failed', at = 0): PodStatus => ({
  phase,
  containerStatuses: [
    {
      ...restarted(0),
      state: { terminated: { exitCode: phase === 'Failed' ? 1 : 0, finishedAt: seconds(at) } },
    },
  ],
});

export const replicaSet = (
  name: string,
  spec: Partial<ReplicaSet['spec']> = {},
  status: Partial<ReplicaSet['status']> = {},
): ReplicaSet => ({
  metadata: { name, namespace: 'default', uid: `${name}-uid`, resourceVersion: '3', generation: 1 },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: SPEC },
    ...spec,
  },
  status: { replicas: 0, ...status },
});

export const deployment = (spec: Partial<Deployment['spec']> = {}): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', uid: 'web-uid', resourceVersion: '5', generation: 1 },
  spec: {
    replicas: 4,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: SPEC },
    ...spec,
  },
});

export interface FakeClock extends Clock {
  /** Moves time on and runs what is due. */
  pass(milliseconds: number): void;
  /** Milliseconds until each timer that is set. */
  waits(): number[];
}

export const fakeClock = (start = NOW): FakeClock => {
  let now = start.getTime();
  const timers = new Set<{ at: number; action: () => void }>();
  return {
    now: () => new Date(now),
    after(milliseconds, action) {
      const timer = { at: now + milliseconds, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(milliseconds) {
      now += milliseconds;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.action();
      }
    },
    waits: () => [...timers].map(({ at }) => at - now),
  };
};

export interface FakeLog extends Log {
  warnings: string[];
}

export const fakeLog = (): FakeLog => {
  const warnings: string[] = [];
  const keep = (message: string) => void warnings.push(message);
  return { warnings, info: () => {}, warn: keep, error: keep };
};
