/** What native sidecars can't express stays plain. */
import { describe, expect, it } from 'vitest';
import type { Platform } from '../../../../shared/core/injection/native.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import { AFTER, bringing, inject, lists, NATIVE, ORDERED, orderedPod, saying, sidecar } from './natives.ts';
import { podOf, prioritized, setOf } from './pods.ts';

const hot = { upgradeStrategy: { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: 'empty:1' } } as const;
const said = (name: string, why: string) =>
  `SidecarSet logs: ${name} is injected as a plain container: ${why}`;
const late = (name: string, first: string) => said(name, `it is to start once ${first} is ready`);

describe('a sidecar stays plain, and a warning says why', () => {
  it.each<{
    when: string;
    sets: SidecarSet[];
    pod?: Pod;
    init?: string[];
    plain: string[];
    warnings: string[];
  }>([
    {
      when: 'its priority is negative',
      sets: [bringing(sidecar('a', '-1'))],
      plain: ['a', 'main'],
      warnings: [late('a', 'main')],
    },
    {
      when: 'an own container has a higher priority',
      sets: [bringing(sidecar('a', '1'))],
      pod: podOf({ containers: [{ name: 'other' }, prioritized('main', '2')] }),
      plain: ['a', 'other', 'main'],
      warnings: [late('a', 'main')],
    },
    {
      when: 'it has to wait for one of a compatible set, beside a sibling that has not',
      sets: [
        bringing(sidecar('a', '3'), sidecar('b', '1')),
        saying('compatible', setOf('mesh', { containers: [sidecar('proxy', '2')] })),
      ],
      init: ['a'],
      plain: ['b', 'proxy', 'main'],
      warnings: [late('b', 'proxy')],
    },
    {
      when: 'it is to start last, which holds none of the others back',
      sets: [bringing(sidecar('a'), sidecar('b', '-1'), sidecar('c'))],
      init: ['a', 'c'],
      plain: ['b', 'main'],
      warnings: [late('b', 'main')],
    },
    {
      when: 'the Pod is Ordered, and it would stand after one of its containers',
      sets: [bringing(sidecar('a'), sidecar('b', '9', AFTER))],
      pod: orderedPod(),
      init: ['a'],
      plain: ['main', 'b'],
      warnings: [late('b', 'main')],
    },
    {
      when: 'another set makes the Pod Ordered, and puts a plain one before it',
      sets: [
        saying('compatible', setOf('early', { containers: [sidecar('x')], patchPodMetadata: [ORDERED] })),
        bringing(sidecar('a')),
      ],
      plain: ['x', 'a', 'main'],
      warnings: [late('a', 'x')],
    },
    {
      when: 'it is hot-upgraded',
      sets: [bringing(sidecar('a', '1', hot), sidecar('b', '1'))],
      init: ['b'],
      plain: ['a-1', 'a-2', 'main'],
      warnings: [said('a', 'a hot upgrade hands over between two plain containers')],
    },
    {
      when: 'it replaces a container of the Pod',
      sets: [bringing(sidecar('main'), sidecar('b'))],
      init: ['b'],
      plain: ['main'],
      warnings: [said('main', 'it takes the place of a container of the Pod')],
    },
  ])('when $when', ({ sets, pod = podOf(), init = [], plain, warnings }) => {
    expect(lists(pod, sets)).toEqual({ init, plain, warnings });
  });

  it.each<[string, Platform['serverVersion'], string | undefined]>([
    ['1.28', { major: 1, minor: 28 }, 'the API server is older than Kubernetes 1.29'],
    ['1.29', { major: 1, minor: 29 }, undefined],
    ['2.0', { major: 2, minor: 0 }, undefined],
    [
      'one that can not be read',
      { major: 1, minor: Number.NaN },
      'the version of the API server is not known',
    ],
    ['not known', undefined, 'the version of the API server is not known'],
  ])('or not, by an API server whose version is %s', (_, serverVersion, why) => {
    const { warnings } = lists(podOf(), [bringing(sidecar('a'))], { strategy: 'native', serverVersion });
    expect(warnings).toEqual(why === undefined ? [] : [said('a', why)]);
  });

  it.each([
    'compatible',
    'native',
  ] as const)('a priority that is no number refuses the Pod under %s', (strategy) => {
    for (const [set, pod] of [
      [bringing(sidecar('a', 'high')), podOf()],
      [bringing(sidecar('a', '1')), podOf({ containers: [prioritized('main', '')] })],
    ] as const)
      expect(inject(pod, [set], { ...NATIVE, strategy })).toMatchObject({
        kind: 'refused',
        code: 'InjectionPriorityUnreadable',
        causes: [{ field: `spec.containers[${pod.spec.containers[0]?.env ? 1 : 0}].env[0]` }],
      });
  });
});
