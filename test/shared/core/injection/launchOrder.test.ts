import { expect, it } from 'vitest';
import { withLaunchOrder } from '../../../../shared/core/injection/launchOrder.ts';
import { barriers } from '../../../../shared/core/resources/barrier.ts';
import type { Container, Pod } from '../../../../shared/model/kubernetes.ts';
import { podOf, prioritized } from './pods.ts';

const ordered = (pod: Pod): Pod => {
  const order = withLaunchOrder(pod, () => 0.5);
  if (order.kind === 'refused') throw new Error(JSON.stringify(order.causes));
  return order.pod;
};

const keys = (pod: Pod): string[] => barriers(ordered(pod)).map(({ key }) => key);
const plain: Container = { name: 'plain' };
const ORDERED = { annotations: { 'apps.kruise.io/container-launch-priority': 'Ordered' } };

const twice: Container = {
  name: 'twice',
  env: [
    { name: 'KRUISE_CONTAINER_PRIORITY', value: '1' },
    { name: 'KRUISE_CONTAINER_PRIORITY', value: '7' },
  ],
};

it.each<[string, Pod, string[]]>([
  ['a container with a priority', podOf({ containers: [prioritized('a', '100'), plain] }), ['p_100', 'p_0']],
  ['a negative priority', podOf({ containers: [prioritized('a', '-1'), plain] }), ['p_-1', 'p_0']],
  ['odd ways to write a number', podOf({ containers: [prioritized('a', '+05'), plain] }), ['p_5', 'p_0']],
  ['the last of two priorities', podOf({ containers: [twice, plain] }), ['p_7', 'p_0']],
  ['no difference', podOf({ containers: [prioritized('a', '5'), prioritized('b', '5')] }), []],
  ['zero, also negative, against none', podOf({ containers: [prioritized('a', '-0'), plain] }), []],
  ['no priority', podOf({ containers: [plain, { name: 'b' }] }), []],
  ['Ordered', podOf({ containers: [plain, { name: 'b' }, { name: 'c' }] }, ORDERED), ['p_0', 'p_-1', 'p_-2']],
  [
    'Ordered over priorities',
    podOf({ containers: [plain, prioritized('b', 'x')] }, ORDERED),
    ['p_0', 'p_-1'],
  ],
  [
    'another value of the annotation',
    podOf(
      { containers: [plain, { name: 'b' }] },
      { annotations: { 'apps.kruise.io/container-launch-priority': 'on' } },
    ),
    [],
  ],
  ['a single container', podOf({ containers: [prioritized('a', 'garbage')] }), []],
])('levels of %s', (_, pod, expected) => {
  expect(keys(pod)).toEqual(expected);
});

it.each<[string, Container]>([
  ['a word', prioritized('a', 'first')],
  ['an empty text', prioritized('a', '')],
  ['no value', prioritized('a')],
  ['a fraction', prioritized('a', '1.5')],
  ['a number that can not be kept', prioritized('a', '9007199254740993')],
  [
    'a reference',
    { name: 'a', env: [{ name: 'KRUISE_CONTAINER_PRIORITY', valueFrom: { fieldRef: { fieldPath: 'p' } } }] },
  ],
])('refuses %s as a priority', (_, container) => {
  expect(withLaunchOrder(podOf({ containers: [plain, container] }), () => 0)).toMatchObject({
    kind: 'refused',
    causes: [{ field: 'spec.containers[1].env[0]', reason: 'FieldValueInvalid' }],
  });
});

it('appends the barrier to containers only, beside one that the user wrote', () => {
  const env = [{ name: 'KRUISE_CONTAINER_BARRIER', value: 'mine' }];
  const pod = ordered(
    podOf({ containers: [prioritized('a', '1'), { name: 'b', env }], initContainers: [{ name: 'i' }] }),
  );
  expect(pod.spec.containers[1]?.env).toEqual([
    ...env,
    {
      name: 'KRUISE_CONTAINER_BARRIER',
      valueFrom: { configMapKeyRef: { name: 'pod-barrier-rrrrr', key: 'p_0' } },
    },
  ]);
  expect(pod.spec.initContainers).toEqual([{ name: 'i' }]);
  expect(ordered(pod)).toEqual(pod);
});

it('names a Pod that has only generateName, from its first 58 characters and 5 random ones', () => {
  const generateName = `${'n'.repeat(60)}-`;
  const spec = { containers: [prioritized('a', '1'), plain] };
  const { metadata } = ordered(podOf(spec, { name: '', generateName }));
  expect(metadata).toMatchObject({ name: `${'n'.repeat(58)}rrrrr`, generateName });
  expect(ordered(podOf({}, { name: '', generateName })).metadata.name).toBe('');
});

it.each<[string, Partial<Pod['metadata']>, string]>([
  ['of its own, where it comes with a name', {}, 'pod-barrier-rrrrr'],
  ["of its own, where it comes with its owner's prefix too", { generateName: 'pod-' }, 'pod-barrier-rrrrr'],
  [
    "of OpenKruise's name, where its name is made up",
    { name: '', generateName: 'web-' },
    'web-rrrrr-barrier',
  ],
])('a Pod has a barrier %s, and keeps it when it is asked about again', (_, metadata, expected) => {
  const pod = ordered(podOf({ containers: [prioritized('a', '1'), plain] }, metadata));
  expect(barriers(pod).map(({ configMap }) => configMap)).toEqual([expected, expected]);
  expect(withLaunchOrder(pod, () => 0)).toEqual({ kind: 'ordered', pod });
});

it('starts a Pod from its first level whose manifest was copied from one that has started', () => {
  const annotations = {
    note: 'mine',
    'apps.kruise.io/container-launch-priority-completed': 'true',
    'serverless.sidecarset.io/launch-opened': 'p_0',
    'serverless.sidecarset.io/launch-opened-at': '2026-03-01T12:00:00Z',
  };
  const pod = ordered(podOf({ containers: [prioritized('a', '1'), plain] }, { annotations }));
  expect(pod.metadata.annotations).toEqual({ note: 'mine' });
});
