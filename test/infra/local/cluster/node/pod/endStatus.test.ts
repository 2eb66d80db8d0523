/** What ends a Pod besides its containers, and what does not. */
import { expect, it } from 'vitest';
import { done, type Given, main, side, verdict } from './verdict.ts';
import { run, snapshot } from './views.ts';

it('an ephemeral container has a status of its own, which does not count', () => {
  const spec = {
    ephemeralContainers: [
      { name: 'killer', image: 'app:1' },
      { name: 'next', image: 'app:1' },
    ],
  };
  const { status, phase } = verdict({
    spec,
    over: true,
    snapshot: snapshot({ main: main(0), side: side(0), killer: run(1, { id: 'k' }) }),
  });
  expect(phase).toBe('Succeeded');
  expect(status.ephemeralContainerStatuses).toEqual([
    expect.objectContaining({
      name: 'killer',
      ready: false,
      restartCount: 0,
      state: { terminated: expect.objectContaining({ exitCode: 1, reason: 'Error' }) },
    }),
    {
      name: 'next',
      image: 'app:1',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
    },
  ]);
});

it.each<[string, Given, string, string]>([
  ['while containers run', { snapshot: snapshot({ main: main(), side: side() }) }, 'Succeeded', 'Running'],
  ['when its containers end otherwise', { ...done, over: true }, 'Failed', 'Succeeded'],
])('a terminal phase that somebody else has set stays %s', (_, given, settled, own) => {
  expect(verdict(given).phase).toBe(own);
  const { status } = verdict({ ...given, settled: settled as 'Succeeded' | 'Failed' });
  expect(status.phase).toBe(settled);
  const reason = settled === 'Succeeded' ? 'PodCompleted' : 'PodFailed';
  expect(status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False', reason });
});

it('a Pod that is late is Failed once its containers have ended, and says why', () => {
  const late = { isLate: true, before: { phase: 'Running' as const } };
  const running = verdict({ ...late, snapshot: snapshot({ main: main(), side: side() }) }).status;
  expect(running).toMatchObject({ phase: 'Running' });
  expect(running).not.toHaveProperty('reason');
  expect(verdict({ ...late, ...done, over: true }).status).toMatchObject({
    phase: 'Failed',
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  });
});
