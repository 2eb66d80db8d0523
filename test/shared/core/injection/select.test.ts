import { expect, it } from 'vitest';
import { selectSidecarSets } from '../../../../shared/core/injection/select.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { podOf, setOf } from './pods.ts';

const NAME = 'kubernetes.io/metadata.name';
const LABELS = { [NAME]: 'default', team: 'x' };
const inNamespace = (labels: Record<string, string>): SidecarSetSpec => ({
  namespaceSelector: { matchLabels: labels },
});

it.each<[string, SidecarSetSpec, Record<string, string> | undefined, boolean]>([
  ['selects the Pod in any namespace', {}, LABELS, true],
  ['selects the Pod where there is no Namespace object', {}, undefined, true],
  ['names the namespace', inNamespace({ [NAME]: 'default' }), LABELS, true],
  ['names another namespace', inNamespace({ [NAME]: 'other' }), LABELS, false],
  ['selects the namespace by another label', inNamespace({ team: 'x' }), LABELS, true],
  ['has a namespaceSelector, but there is no Namespace object', inNamespace({ team: 'x' }), undefined, false],
  [
    'excludes namespaces, but there is no Namespace object',
    { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] } },
    undefined,
    false,
  ],
  ['selects other Pods', { selector: { matchLabels: { app: 'db' } } }, LABELS, false],
  ['has an empty selector', { selector: {} }, LABELS, false],
  ['has no selector', { selector: undefined }, LABELS, false],
  ['is paused for injection', { injectionStrategy: { paused: true } }, LABELS, false],
  ['is paused for updates', { updateStrategy: { paused: true } }, LABELS, true],
])('a SidecarSet that %s', (_, spec, labels, expected) => {
  expect(selectSidecarSets(podOf(), labels, [setOf('a', spec)])).toHaveLength(expected ? 1 : 0);
});

it('a SidecarSet that was stored without a spec selects nothing', () => {
  const stored: object = { metadata: { name: 'a' } };
  expect(selectSidecarSets(podOf(), LABELS, [stored as SidecarSet])).toEqual([]);
});

it('puts namespace-bound sets first, each group by name, whatever the order of the list', () => {
  const sets = [
    setOf('d'),
    setOf('c', {
      namespaceSelector: { matchExpressions: [{ key: NAME, operator: 'In', values: ['default'] }] },
    }),
    setOf('b', inNamespace({ [NAME]: 'default' })),
    setOf('a', inNamespace({ team: 'x' })),
  ];
  const order = (given: typeof sets) =>
    selectSidecarSets(podOf(), LABELS, given).map(({ metadata }) => metadata.name);
  expect(order(sets)).toEqual(['b', 'c', 'a', 'd']);
  expect(order(sets.toReversed())).toEqual(['b', 'c', 'a', 'd']);
});

const canaryOf = (base: string, text = 'true', spec: SidecarSetSpec = {}): SidecarSet => {
  const set = setOf('canary', spec);
  const annotations = {
    ...set.metadata.annotations,
    'apps.kruise.io/sidecarset-canary': text,
    'apps.kruise.io/sidecarset-base': base,
  };
  return { ...set, metadata: { ...set.metadata, annotations } };
};

it.each<[string, SidecarSet, string[]]>([
  ['takes the place of its base', canaryOf('base'), ['canary', 'other']],
  ['without a base is a set like others', canaryOf(''), ['base', 'canary', 'other']],
  [
    'whose mark is not exactly true is a set like others',
    canaryOf('base', 'TRUE'),
    ['base', 'canary', 'other'],
  ],
  [
    'that is paused leaves the Pod to its base',
    canaryOf('base', 'true', { injectionStrategy: { paused: true } }),
    ['base', 'other'],
  ],
  [
    'that does not select the Pod leaves it to its base',
    canaryOf('base', 'true', { selector: { matchLabels: { a: 'b' } } }),
    ['base', 'other'],
  ],
])('a canary %s', (_, canary, expected) => {
  const selected = selectSidecarSets(podOf(), LABELS, [setOf('other'), setOf('base'), canary]);
  expect(selected.map(({ metadata }) => metadata.name)).toEqual(expected);
});
