import type { ContainerView, RunView, Snapshot } from '../../../../../../infra/local/cluster/node/views.ts';

export const T0 = new Date('2026-08-20T10:00:00Z');
export const later = (seconds: number): Date => new Date(T0.getTime() + seconds * 1000);

export const run = (exitCode?: number, more: Partial<RunView> = {}): RunView => ({
  id: 'r0',
  attempt: 0,
  image: 'app:1',
  imageId: 'app@sha256:1',
  startedAt: T0,
  ...(exitCode !== undefined && {
    exit: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', at: later(5) },
  }),
  ...more,
});

export const snapshot = (containers: Record<string, RunView | ContainerView>, sandbox = true): Snapshot => ({
  sandbox,
  containers: new Map(
    Object.entries(containers).map(([name, view]) => [name, 'current' in view ? view : { current: view }]),
  ),
});
