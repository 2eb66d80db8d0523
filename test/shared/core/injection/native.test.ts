import { describe, expect, it } from 'vitest';
import { injectPod } from '../../../../shared/core/injection/inject.ts';
import type { Platform } from '../../../../shared/core/injection/native.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import {
  AFTER,
  bringing,
  COMPATIBLE,
  inject,
  injected,
  lists,
  NATIVE,
  names,
  orderedPod,
  STRATEGY,
  saying,
  sidecar,
} from './natives.ts';
import { CONTEXT, podOf, prioritized, setOf } from './pods.ts';

describe('a sidecar is native', () => {
  it.each<{ when: string; sets: SidecarSet[]; pod?: Pod; init: string[] }>([
    {
      when: 'nothing has a priority',
      sets: [bringing(sidecar('a'), sidecar('b', undefined, AFTER))],
      init: ['a', 'b'],
    },
    { when: 'it comes before the Pod’s own containers', sets: [bringing(sidecar('a', '1'))], init: ['a'] },
    {
      when: 'an own container has the same priority',
      sets: [bringing(sidecar('a', '1'))],
      pod: podOf({ containers: [prioritized('main', '1')] }),
      init: ['a'],
    },
    {
      when: 'an own container has a negative priority, and it has none',
      sets: [bringing(sidecar('a'))],
      pod: podOf({ containers: [prioritized('main', '-1')] }),
      init: ['a'],
    },
    {
      when: 'others are too, by priority first, then by their place in the list',
      sets: [
        bringing(sidecar('late', undefined, AFTER), sidecar('plain'), sidecar('high', '9')),
        setOf('mesh', { containers: [sidecar('higher', '10'), sidecar('other')] }),
      ],
      init: ['higher', 'high', 'plain', 'other', 'late'],
    },
    {
      when: 'init containers of the Pod and of sets go before it',
      sets: [setOf('logs', { containers: [sidecar('a')], initContainers: [sidecar('z')] })],
      pod: podOf({ initContainers: [{ name: 'own' }] }),
      init: ['own', 'z', 'a'],
    },
    {
      when: 'the Pod is Ordered, and it stands before all of its containers',
      sets: [bringing(sidecar('a', 'not read'), sidecar('b'))],
      pod: orderedPod(),
      init: ['a', 'b'],
    },
  ])('when $when', ({ sets, pod = podOf(), init }) => {
    expect(lists(pod, sets)).toEqual({ init, plain: names(pod.spec.containers), warnings: [] });
  });

  it('by the word of its set, else by that of the installation', () => {
    const set = bringing(sidecar('a'));
    const isNative = (which: SidecarSet, platform: Platform) =>
      lists(podOf(), [which], platform).init.length === 1;
    expect(isNative(set, NATIVE)).toBe(true);
    expect(isNative(set, COMPATIBLE)).toBe(false);
    expect(isNative(saying('compatible', set), NATIVE)).toBe(false);
    expect(isNative(saying('native', set), COMPATIBLE)).toBe(true);
    expect(injectPod(podOf(), [set], CONTEXT)).toMatchObject({
      pod: { spec: { containers: [{ name: 'a' }, {}] } },
    });
  });

  it.each([
    NATIVE,
    COMPATIBLE,
  ])('or not as $strategy says, where its set has a word that means nothing', (platform) => {
    const { init, warnings } = lists(podOf(), [saying('Native', bringing(sidecar('a')))], platform);
    expect(init).toEqual(platform.strategy === 'native' ? ['a'] : []);
    expect(warnings).toEqual([
      `SidecarSet logs: its annotation ${STRATEGY} is none of native, compatible; ${platform.strategy} is taken`,
    ]);
  });

  it('and then stands there as the plain one would, but for its restartPolicy', () => {
    const more = {
      livenessProbe: { exec: { command: ['x'] } },
      lifecycle: { preStop: { sleep: { seconds: 1 } } },
    };
    const set = bringing(sidecar('a', '1', more));
    const [plain] = injected(podOf(), [set], COMPATIBLE).pod.spec.containers;
    const env = plain?.env?.filter(({ name }) => name !== 'KRUISE_CONTAINER_BARRIER');
    expect(injected(podOf(), [set]).pod.spec.initContainers).toEqual([
      { ...plain, env, restartPolicy: 'Always' },
    ]);
  });
});

describe('called again', () => {
  const set = bringing(sidecar('a', '1'), sidecar('b', '-1'));
  const once = injected(podOf(), [set]).pod;

  it.each<[string, Pod, SidecarSet, Platform]>([
    ['with the same', once, set, NATIVE],
    ['with another strategy', once, saying('compatible', set), NATIVE],
    ['with a version that is not known', once, set, { ...NATIVE, serverVersion: undefined }],
    ['with a plain one for native', injected(podOf(), [set], COMPATIBLE).pod, set, NATIVE],
  ])('%s it changes nothing: both forms have the same hash', (_, pod, again, platform) => {
    expect(inject(pod, [again], platform)).toEqual({ kind: 'unchanged', reason: 'InjectionComplete' });
  });
});

describe('a Pod made from the manifest of another one', () => {
  const before = bringing(sidecar('a', '1', { image: 'a:0' }));
  const set = bringing(sidecar('a', '1'));

  it.each([
    { from: NATIVE, to: NATIVE },
    { from: NATIVE, to: COMPATIBLE },
    { from: COMPATIBLE, to: NATIVE },
  ])('under $from.strategy gets the new version under $to.strategy in place of the old one', ({
    from,
    to,
  }) => {
    const { pod, warnings } = injected(injected(podOf(), [before], from).pod, [set], to);
    const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    expect(all.map(({ name, image, restartPolicy }) => [name, image, restartPolicy])).toEqual([
      ['a', 'a:1', to === NATIVE ? 'Always' : undefined],
      ['main', 'main:1', undefined],
    ]);
    expect(warnings).toEqual([]);
  });

  it('keeps a plain container, if it has no other', () => {
    const { pod } = injected(
      podOf({ containers: [{ name: 'a', image: 'a:0', env: [{ name: 'IS_INJECTED', value: 'true' }] }] }),
      [set],
    );
    expect(names(pod.spec.containers)).toEqual(['a']);
  });
});

it('refuses a sidecar with the name of an init container, and says whose it is', () => {
  expect(inject(podOf({ initContainers: [{ name: 'a' }] }), [bringing(sidecar('a'))])).toMatchObject({
    kind: 'refused',
    code: 'InjectionNameClash',
    causes: [{ field: 'spec.initContainers', message: expect.stringContaining('SidecarSet logs') }],
  });
});
