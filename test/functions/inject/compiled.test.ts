import { expect, it } from 'vitest';
import { createCompiler } from '../../../functions/inject/compiled.ts';
import { sha256Hex } from '../../../shared/io/digest.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';

const stored = (uid: string | undefined, resourceVersion: string | undefined): SidecarSet => ({
  metadata: { name: 'set', uid, resourceVersion },
  spec: { selector: { matchLabels: { a: 'b' } }, containers: [{ name: 'a', image: `i:${resourceVersion}` }] },
});

it.each<
  [string, [string | undefined, string | undefined], [string | undefined, string | undefined], boolean]
>([
  ['the same version', ['u', '1'], ['u', '1'], true],
  ['another version', ['u', '1'], ['u', '2'], false],
  ['another set of the same version', ['u', '1'], ['w', '1'], false],
  ['a set without version', ['u', undefined], ['u', undefined], false],
  ['a set without uid', [undefined, '1'], [undefined, '1'], false],
])('compiles once for %s: %j %j %j', (_, first, second, same) => {
  const compile = createCompiler(sha256Hex);
  expect(compile(stored(...first)) === compile(stored(...second))).toBe(same);
});

it('does not go back to a version that it compiled before', () => {
  const compile = createCompiler(sha256Hex);
  compile(stored('u', '1'));
  compile(stored('u', '2'));
  expect(compile(stored('u', '1'))).toMatchObject({ set: { spec: { containers: [{ image: 'i:1' }] } } });
});
