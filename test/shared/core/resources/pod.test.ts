import { expect, it } from 'vitest';
import { injectedSets, literalEnv, switchedOn } from '../../../../shared/core/resources/pod.ts';
import type { EnvVar } from '../../../../shared/model/kubernetes.ts';

it.each<[string, EnvVar[], string]>([
  ['a literal value', [{ name: 'A', value: 'x' }], 'x'],
  [
    'the last of duplicates',
    [
      { name: 'A', value: 'x' },
      { name: 'A', value: 'y' },
    ],
    'y',
  ],
  ['valueFrom as empty', [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }], ''],
  ['a missing variable as empty', [], ''],
])('literalEnv gives %s', (_, env, expected) => {
  expect(literalEnv({ name: 'c', env }, 'A')).toBe(expected);
});

it.each([
  ['true', true],
  ['TRUE', true],
  ['True', true],
  ['1', false],
  [' true', false],
])('a switch set to "%s" is on: %s', (value, expected) => {
  expect(switchedOn({ name: 'c', env: [{ name: 'A', value }] }, 'A')).toBe(expected);
});

it.each([
  [undefined, []],
  ['', []],
  ['b', ['b']],
  ['a,,b,a', ['a', 'b']],
])('the injected list %s names %j', (list, expected) => {
  const annotations = list === undefined ? undefined : { 'kruise.io/sidecarset-injected-list': list };
  expect(injectedSets({ metadata: { name: 'p', annotations } })).toEqual(expected);
});
