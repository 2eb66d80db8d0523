import { expect, it } from 'vitest';
import { isMergePatch } from '../../../../shared/core/injection/mergePatchText.ts';
import { patchPodMetadata } from '../../../../shared/core/injection/podMetadata.ts';
import type { SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { podOf, setOf } from './pods.ts';

type Patches = NonNullable<SidecarSetSpec['patchPodMetadata']>;

const patch = (before: Record<string, string> | undefined, ...specs: Patches[]) => {
  const sets = specs.map((patchPodMetadata_, index) =>
    setOf(`set${index}`, { patchPodMetadata: patchPodMetadata_ }),
  );
  const result = patchPodMetadata(podOf({}, { annotations: before }), sets);
  return result.kind === 'patched' ? result.pod.metadata.annotations : result;
};
const policy = (patchPolicy: string | undefined, value: string): Patches => [
  { annotations: { key: value }, patchPolicy },
];

it.each<[string | undefined, string | undefined, string, string]>([
  ['Retain', undefined, 'new', 'new'],
  ['Retain', 'old', 'new', 'old'],
  ['Retain', '', 'new', ''],
  [undefined, 'old', 'new', 'old'],
  ['Overwrite', undefined, 'new', 'new'],
  ['Overwrite', 'old', 'new', 'new'],
  ['Sometimes', 'old', 'new', 'old'],
  ['MergePatchJson', undefined, '{ "b": 1,  "a": null }', '{ "b": 1,  "a": null }'],
  ['MergePatchJson', '', '{"b":1}', '{"b":1}'],
  ['MergePatchJson', '[1]', '{"b":1}', '{"b":1}'],
  ['MergePatchJson', '{"z":1,"b":{"x":1,"y":2}}', '{"b":{"y":null},"a":[3]}', '{"a":[3],"b":{"x":1},"z":1}'],
  [
    'MergePatchJson',
    '{"n":1.50,"e":1e3,"big":12345678901234567890}',
    '{"m":2.0}',
    '{"big":12345678901234567890,"e":1e3,"m":2.0,"n":1.50}',
  ],
  ['MergePatchJson', '{"t":"<&>"}', '{"n":{"gone":null}}', '{"n":{},"t":"\\u003c\\u0026\\u003e"}'],
  ['MergePatchJson', '{"a":1}', '{"__proto__":{"polluted":true}}', '{"__proto__":{"polluted":true},"a":1}'],
])('%s turns %j with %j into %j', (patchPolicy, before, given, after) => {
  const annotations = before === undefined ? undefined : { key: before };
  expect(patch(annotations, policy(patchPolicy, given))).toEqual({ key: after });
  expect({}).not.toHaveProperty('polluted');
});

it('does not add an annotation for a policy that it does not know', () => {
  expect(patch(undefined, policy('Sometimes', 'new'))).toBeUndefined();
});

it('goes by the order of sets and of their entries', () => {
  const first = [...policy('Overwrite', '1'), ...policy('Retain', '2')];
  expect(patch({ other: 'kept' }, first, policy('Overwrite', '3'))).toEqual({ other: 'kept', key: '3' });
});

it.each([
  ['{', '{"a":1}'],
  ['{"a":1}', '{'],
  ['{"a":1}', '[]'],
  [undefined, '3'],
])('refuses to merge %j with %j, naming the annotation and the set', (before, given) => {
  const annotations = before === undefined ? undefined : { key: before };
  expect(patch(annotations, policy('MergePatchJson', given))).toMatchObject({
    kind: 'refused',
    causes: [{ field: 'metadata.annotations[key]', message: expect.stringContaining('set0') }],
  });
});

it.each([
  ['{}', true],
  ['{"a":null}', true],
  ['[]', false],
  ['null', false],
  ['"x"', false],
  ['', false],
])('%j as a merge patch: %j', (text, expected) => {
  expect(isMergePatch(text)).toBe(expected);
});
