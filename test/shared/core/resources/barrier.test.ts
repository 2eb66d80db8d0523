import { expect, it } from 'vitest';
import { barriers } from '../../../../shared/core/resources/barrier.ts';
import type { EnvVar } from '../../../../shared/model/kubernetes.ts';
import { makePod } from '../../../support/pods.ts';

const NAME = 'KRUISE_CONTAINER_BARRIER';
const reference = (key: string, name = 'job-x-barrier'): EnvVar => ({
  name: NAME,
  valueFrom: { configMapKeyRef: { name, key } },
});

it.each<[string, EnvVar[], number[]]>([
  ['a level', [reference('p_100')], [100]],
  ['a negative level', [reference('p_-1')], [-1]],
  ['level 0', [reference('p_0')], [0]],
  ['of duplicates the last, as the injection appends its own', [reference('p_1'), reference('p_2')], [2]],
  ['no level: a literal value', [{ name: NAME, value: 'p_1' }], []],
  ['no level: another source', [{ name: NAME, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }], []],
  ['no level: a suffix that is no number', [reference('p_abc')], []],
  ['no level: a number that the injection does not write', [reference('p_01')], []],
  ['no level: a number beyond exact arithmetic', [reference('p_99999999999999999999')], []],
  ['no level: a key that is too short', [reference('p')], []],
  ['a level in the ConfigMap of one admission', [reference('p_1', 'job-x-barrier-b1c2d')], [1]],
  ['no level: the key of another ConfigMap', [reference('p_1', 'mine')], []],
  ['no level: the key of the ConfigMap of a longer name', [reference('p_1', 'job-x-barriers')], []],
  ['no level: no variable', [], []],
])('a barrier variable is read as %s', (_, env, expected) => {
  const pod = makePod({ containers: [{ name: 'a', env }] });
  expect(barriers(pod).map(({ priority }) => priority)).toEqual(expected);
});

it('all levels of a Pod are in one ConfigMap, the first that is named', () => {
  const containers = ['job-x-barrier-b1c2d', 'job-x-barrier', 'job-x-barrier-b1c2d'].map((name, index) => ({
    name: `c${index}`,
    env: [reference(`p_${index}`, name)],
  }));
  expect(barriers(makePod({ containers }))).toEqual([
    { container: 'c0', priority: 0, key: 'p_0', configMap: 'job-x-barrier-b1c2d' },
    { container: 'c2', priority: 2, key: 'p_2', configMap: 'job-x-barrier-b1c2d' },
  ]);
});
