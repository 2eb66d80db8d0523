import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineDiff } from '../../../cli/install/text/diff.ts';
import { objectText } from '../../../cli/install/text/objectText.ts';
import { redact } from '../../../cli/install/text/redact.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`);

it.each<[string, string, string, string[]]>([
  ['nothing for equal texts', lines('a'), lines('a'), []],
  ['a new text', '', lines('a', 'b'), ['+ a', '+ b']],
  ['a text that is gone', lines('a'), '', ['- a']],
  ['a changed line', lines('a', 'b', 'c'), lines('a', 'x', 'c'), ['  a', '- b', '+ x', '  c']],
  [
    'three lines around a change',
    lines(...numbers(10)),
    lines(...numbers(10).map((line) => (line === '5' ? 'x' : line))),
    ['...', '  2', '  3', '  4', '- 5', '+ x', '  6', '  7', '  8', '...'],
  ],
])('shows %s', (_, before, after, expected) => {
  expect(lineDiff(before, after)).toEqual(expected);
});

it('holds every line of both texts in their order', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = lineDiff(lines(...before), lines(...after));
      const without = (sign: string) =>
        diff.filter((line) => line[0] !== sign && line !== '...').map((line) => line.slice(2));
      if (diff.length === 0 || diff.includes('...')) return;
      expect(without('+')).toEqual(before);
      expect(without('-')).toEqual(after);
    }),
  );
});

it.each([
  ['an inject URL', 'Post "https://h:1/c1/secret-token/inject?timeout=10s": refused'],
  ['an observe URL', "calling 'https://h/c1/secret-token/observe'"],
  ['a conversion URL', 'url: https://h/c1/secret-token/sidecarset/convert'],
])('takes the token out of %s', (_, text) => {
  expect(redact(text)).not.toContain('secret-token');
  expect(redact(text)).toMatch(/c1\/<token [0-9a-f]{8}>\//);
});

it('shows that a token is another one', () => {
  const [first, second] = ['one', 'two'].map((token) => redact(`https://h/c/${token}/inject`));
  expect(first).not.toBe(second);
  expect(redact('https://example.com/a/b/c')).toBe('https://example.com/a/b/c');
});

it('shows of an object what somebody decided', () => {
  const object = {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: {
      name: 'a',
      uid: 'u',
      resourceVersion: '1',
      generation: 2,
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      managedFields: [
        {
          manager: 'x',
          operation: 'Update' as const,
          apiVersion: 'v1',
          fieldsType: 'FieldsV1' as const,
          fieldsV1: {},
        },
      ],
    },
    status: { phase: 'Active' },
    data: { b: '1', a: '2' },
  };
  expect(objectText(object)).toBe(
    lines('apiVersion: v1', 'data:', '  a: "2"', '  b: "1"', 'kind: ConfigMap', 'metadata:', '  name: a'),
  );
});
