import { describe, expect, it } from 'vitest';
import { hasKiller, killer, killerFailed, killerNames } from '../../../../shared/core/termination/killer.ts';
import type { Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { ended, main, makePod, RUNNING, sidecar, statusOf, WAITING } from '../../../support/pods.ts';
import { recordOf, sidePod, tried } from './setting.ts';

const podWith = (spec: Partial<PodSpec>): Pod => makePod({ containers: [main(), sidecar()], spec });

describe('the container that signals', () => {
  const made = (podUser: number | undefined, ownUser: number | undefined) => {
    const target = { ...sidecar(), securityContext: { runAsUser: ownUser } };
    const pod = podWith({ securityContext: { runAsUser: podUser } });
    return killer(pod, target, 'k', 'registry/killer:1').securityContext;
  };

  it('signals process 1 of the sidecar, with nothing but its own rights', () => {
    expect(killer(podWith({}), sidecar(), 'k', 'registry/killer:1')).toEqual({
      name: 'k',
      image: 'registry/killer:1',
      command: ['kill', '-TERM', '1'],
      targetContainerName: 'side',
      securityContext: expect.objectContaining({
        allowPrivilegeEscalation: false,
        seccompProfile: { type: 'RuntimeDefault' },
      }),
    });
  });

  it.each<[string, number | undefined, number | undefined, number, boolean]>([
    ['the user that the sidecar names', undefined, 1000, 1000, true],
    ['the user that the Pod names', 2000, undefined, 2000, true],
    ['the user of the sidecar where both name one', 2000, 1000, 1000, true],
    ['root where the sidecar names it', 2000, 0, 0, false],
    ['root where nobody names one', undefined, undefined, 0, false],
  ])('runs as %s', (_, podUser, ownUser, runAsUser, runAsNonRoot) => {
    expect(made(podUser, ownUser)).toMatchObject({ runAsUser, runAsNonRoot });
  });

  it.each<[string, number | undefined, object]>([
    ['has no capability as the user of the process', 1000, { drop: ['ALL'] }],
    [
      'may signal every user as root: the process may have changed its own',
      0,
      { drop: ['ALL'], add: ['KILL'] },
    ],
    ['may do so where the user is not known', undefined, { drop: ['ALL'], add: ['KILL'] }],
  ])('%s', (_, user, capabilities) => {
    expect(made(undefined, user)).toMatchObject({ capabilities });
  });
});

describe('its name', () => {
  const named = (names: string[], recorded: string[] = []): Pod =>
    makePod({
      containers: [main(), sidecar()],
      metadata: {
        annotations: recordOf({ side: recorded.map((name) => tried('ephemeral', 0, { killer: name })) }),
      },
      spec: { ephemeralContainers: names.map((name) => ({ name, image: 'any' })) },
    });

  it.each<[string, Pod, number, string[]]>([
    ['is numbered', named([]), 1, ['sidecarset-end-1']],
    ['is another one for each sidecar', named([]), 2, ['sidecarset-end-1', 'sidecarset-end-2']],
    ['is not that of one that is there', named(['sidecarset-end-1']), 1, ['sidecarset-end-2']],
    ['does not mind those of others', named(['debug']), 1, ['sidecarset-end-1']],
    ['fills gaps', named(['sidecarset-end-2']), 2, ['sidecarset-end-1', 'sidecarset-end-3']],
    [
      'is not that of one that is recorded and may yet come',
      named([], ['sidecarset-end-1']),
      1,
      ['sidecarset-end-2'],
    ],
    [
      'is not that of a container',
      makePod({
        containers: [main('sidecarset-end-1'), sidecar()],
        spec: { initContainers: [main('sidecarset-end-2')] },
      }),
      1,
      ['sidecarset-end-3'],
    ],
    ['is none where none is needed', named([]), 0, []],
  ])('%s', (_, pod, count, expected) => {
    expect(killerNames(pod, count)).toEqual(expected);
  });

  it('is the same in a Pod without ephemeral containers and without a record', () => {
    expect(killerNames(podWith({}), 1)).toEqual(['sidecarset-end-1']);
  });
});

describe('a killer', () => {
  const KILL = tried('ephemeral', 0, { killer: 'k' });
  const withState = (state: Parameters<typeof statusOf>[1]): Pod => {
    const pod = sidePod({ killers: { k: undefined } });
    return { ...pod, status: { ...pod.status, ephemeralContainerStatuses: [statusOf('k', state)] } };
  };

  it.each([
    ['has not failed while it waits', WAITING, false],
    ['has not failed while it runs', RUNNING, false],
    ['has not failed with code 0', ended(0), false],
    ['has not failed when the end of process 1 took it along', ended(137), false],
    ['has failed where it may not signal', ended(1), true],
    ['has failed without such a program', ended(128), true],
  ])('%s', (_, state, expected) => {
    expect(killerFailed(withState(state), KILL)).toBe(expected);
  });

  it('has not failed where nothing is known of it', () => {
    expect(killerFailed(podWith({}), KILL)).toBe(false);
    expect(killerFailed(withState(ended(1)), tried('exec', 0))).toBe(false);
  });

  it('is there as soon as the Pod has it', () => {
    expect(hasKiller(sidePod({ killers: { k: undefined } }), KILL)).toBe(true);
    expect(hasKiller(sidePod(), KILL)).toBe(false);
    expect(hasKiller(sidePod({ killers: { k: undefined } }), tried('exec', 0))).toBe(false);
  });
});
