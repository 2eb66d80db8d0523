import { describe, expect, it } from 'vitest';
import { loadRegex } from '../../../shared/io/regex.ts';

const compile = await loadRegex();

describe('an expression in the syntax of Go', () => {
  it.each([
    ['matches anywhere', 'pp', 'my-app', true],
    ['is anchored if it says so', '^app$', 'my-app', false],
    ['has alternatives', '^(app|web)-', 'web-1', true],
    ['has classes', '^[[:alpha:]]+$', 'app', true],
    ['has flags', '(?i)^APP$', 'app', true],
    ['has the end of text', 'app\\z', 'my-app', true],
    ['has quotes', '^\\Qa.b\\E$', 'axb', false],
    ['has names in Go’s way', '(?P<name>a)', 'a', true],
    ['matches all by nothing', '', 'app', true],
  ])('%s', (_, pattern, text, expected) => {
    expect(compile(pattern)?.(text)).toBe(expected);
  });

  it.each([
    '(',
    '[a',
    '*',
    'a**',
    'a{1001}',
    '(((a{100}){100}){100})',
    '(?=a)',
    '(?<=a)b',
    '(a)\\1',
    '\\u0061',
  ])('%s does not compile', (pattern) => {
    expect(compile(pattern)).toBeUndefined();
  });
});

it('does not compile what nests too deeply', () => {
  expect(compile('('.repeat(1500) + ')'.repeat(1500))).toBeUndefined();
});

it('compiles what repeats a lot, but not what repeats so much that matching takes long', () => {
  expect(compile('^[a-z]{1,200}$')?.('app')).toBe(true);
  expect(compile('(.*){1000}')).toBeUndefined();
});

it('is loaded once', async () => {
  expect(await loadRegex()).toBe(compile);
});

it('ends where a backtracking engine would not', () => {
  expect(compile('^(a+)+$')?.(`${'a'.repeat(50)}!`)).toBe(false);
});
