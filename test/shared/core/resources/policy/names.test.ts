import { describe, expect, it, vi } from 'vitest';
import { MAX_PATTERN, needsRegex, targetNames } from '../../../../../shared/core/resources/policy/names.ts';
import type { SidecarContainer } from '../../../../../shared/model/sidecarset.ts';

const withPattern = (targetContainersNameRegex: string | undefined): SidecarContainer => ({
  name: 'side',
  resourcesPolicy: { targetContainersMode: 'sum', targetContainersNameRegex, resourcesExpr: {} },
});

const NAMES = ['app', 'my-app', 'app-2', 'log'];

describe('a plain pattern, without the library, matches', () => {
  it.each([
    ['all names by .*', '.*', NAMES],
    ['all names by default', undefined, NAMES],
    ['all names if empty', '', NAMES],
    ['anywhere in the name', 'app', ['app', 'my-app', 'app-2']],
    ['the start after ^', '^app', ['app', 'app-2']],
    ['the end before $', 'app$', ['app', 'my-app']],
    ['the whole between both', '^app$', ['app']],
  ])('%s', (_, pattern, expected) => {
    const compile = vi.fn();
    const isNamed = targetNames(withPattern(pattern), compile);
    expect(NAMES.filter((name) => isNamed?.(name))).toEqual(expected);
    expect(compile).not.toHaveBeenCalled();
  });
});

it('any other pattern is the compiler’s', () => {
  const compile = vi.fn((_: string) => (name: string) => name === 'log');
  expect(NAMES.filter((name) => targetNames(withPattern('l.*'), compile)?.(name))).toEqual(['log']);
  expect(compile).toHaveBeenCalledWith('l.*');
});

it('a pattern that does not compile gives no test', () => {
  expect(targetNames(withPattern('('), () => undefined)).toBeUndefined();
});

it('a pattern of a kilobyte is compiled, a longer one is not', () => {
  const compile = vi.fn((_: string) => () => true);
  expect(targetNames(withPattern('.'.repeat(MAX_PATTERN)), compile)).toBeDefined();
  expect(targetNames(withPattern('.'.repeat(MAX_PATTERN + 1)), compile)).toBeUndefined();
  expect(compile).toHaveBeenCalledTimes(1);
});

it.each([
  ['no policy', [{ name: 'side' }], [], false],
  ['a plain pattern', [withPattern('^app$')], [], false],
  ['a pattern of a container', [withPattern('a|b')], [], true],
  ['a pattern of an init container', [], [withPattern('a|b')], true],
] as const)('a set with %s asks for the library only if it must', (_, containers, initContainers, expected) => {
  const spec = { containers: [...containers], initContainers: [...initContainers] };
  expect(needsRegex({ metadata: { name: 'set' }, spec })).toBe(expected);
});
