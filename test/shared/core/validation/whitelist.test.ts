import { expect, it } from 'vitest';
import { validateWhitelist } from '../../../../shared/core/validation/whitelist.ts';
import type { CompileRegex } from '../../../../shared/model/regex.ts';
import { setOf } from '../injection/pods.ts';

/** JavaScript's own are close enough here. */
const compile: CompileRegex = (pattern) => {
  try {
    const expression = new RegExp(pattern);
    return (text) => expression.test(text);
  } catch {
    return undefined;
  }
};

const set = setOf('set', { patchPodMetadata: [{ annotations: { 'a.io/one': '1', 'b.io/two': '2' } }] });
const labelled = { ...set, metadata: { ...set.metadata, labels: { team: 'x' } } };
const rules = (...all: object[]) => JSON.stringify({ rules: all });
const KEY = (key: string) => `spec.patchPodMetadata[0].annotations[${key}]`;
const ALL = 'spec.patchPodMetadata';

it.each<[string, string | undefined, string[]]>([
  ['one expression for all', rules({ allowedAnnotationKeyExprs: ['.*'] }), []],
  ['an expression for each', rules({ allowedAnnotationKeyExprs: ['^a\\.io/', 'two$'] }), []],
  ['expressions are not anchored', rules({ allowedAnnotationKeyExprs: ['io'] }), []],
  ['an expression for one only', rules({ allowedAnnotationKeyExprs: ['^a'] }), [KEY('b.io/two')]],
  [
    'rules for the set’s labels and for others',
    rules(
      { selector: { matchLabels: { team: 'x' } }, allowedAnnotationKeyExprs: ['^a'] },
      { selector: { matchLabels: { team: 'y' } }, allowedAnnotationKeyExprs: ['^b'] },
    ),
    [KEY('b.io/two')],
  ],
  ['no rules', rules(), [KEY('a.io/one'), KEY('b.io/two')]],
  ['nothing', undefined, [ALL]],
  ['no JSON', '{', [ALL]],
  ['no list of rules', '{"rules":{}}', [ALL]],
  ['a rule without expressions', rules({}), [ALL]],
  [
    'a selector of a wrong type',
    rules({ selector: { matchLabels: [] }, allowedAnnotationKeyExprs: ['.'] }),
    [ALL],
  ],
  ['a broken expression', rules({ allowedAnnotationKeyExprs: ['.*', '('] }), [ALL]],
])('with %s', (_, text, fields) => {
  const causes = validateWhitelist(labelled, text, compile);
  expect(causes.map(({ field }) => field)).toEqual(fields);
  for (const { message } of causes) expect(message).toContain('SidecarSet_PatchPodMetadata_WhiteList');
});

it('does not ask for it where no annotation is written', () => {
  expect(validateWhitelist(setOf('set'), undefined, compile)).toEqual([]);
});
