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
  ['no level: the key of another ConfigMap', [reference('p_1', 'mine')], []],
  ['no level: no variable', [], []],
])('a barrier variable is read as %s', (_, env, expected) => {
  const pod = makePod({ containers: [{ name: 'a', env }] });
  expect(barriers(pod).map(({ priority }) => priority)).toEqual(expected);
});
