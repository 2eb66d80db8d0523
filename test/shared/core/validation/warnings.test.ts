import { expect, it } from 'vitest';
import { validationWarnings } from '../../../../shared/core/validation/warnings.ts';
import type { EnvVar } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { marked } from '../../../support/fleet.ts';
import { prioritized, setOf } from '../injection/pods.ts';

const warnings = (spec: SidecarSetSpec) => validationWarnings(setOf('set', spec), []);
const selector = { matchLabels: { canary: 'true' } };

it('says nothing of a plain set', () => {
  expect(warnings({})).toEqual([]);
});

it.each<[string, SidecarSetSpec, boolean]>([
  ['partition with selector', { updateStrategy: { selector, partition: '90%' } }, true],
  [
    'a partition of 0% with selector, which OpenKruise takes for set',
    { updateStrategy: { selector, partition: '0%' } },
    true,
  ],
  ['partition 0 with selector', { updateStrategy: { selector, partition: 0 } }, false],
  ['partition alone', { updateStrategy: { partition: 5 } }, false],
  ['both under NotUpdate', { updateStrategy: { type: 'NotUpdate', selector, partition: 5 } }, false],
])('explains %s: %j', (_, spec, expected) => {
  expect(warnings(spec).some((warning) => warning.includes('partition together with selector'))).toBe(
    expected,
  );
});

it('says what partition together with selector means, in one sentence that names the field', () => {
  expect(warnings({ updateStrategy: { selector, partition: 90 } })).toEqual([
    'spec.updateStrategy: partition together with selector means: only Pods that the selector matches are ' +
      'upgraded, and of all matched Pods at least `partition` stay on the old revision',
  ]);
});

it.each<[string, SidecarSetSpec['containers'], string | undefined]>([
  ['that goes first', [{ image: 'i', ...prioritized('a', '1') }], undefined],
  ['of no priority', [{ name: 'a', image: 'i' }], undefined],
  ['of a negative priority', [{ image: 'i', ...prioritized('a', '-1') }], 'has to start after'],
  [
    'that is hot-upgraded',
    [{ name: 'a', image: 'i', upgradeStrategy: { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: 'e' } }],
    'hot upgrade',
  ],
])('under the strategy native says of a sidecar %s: %s', (_, containers, expected) => {
  const set = setOf('set', { containers });
  expect(validationWarnings(set, [])).toEqual([]);
  const found = validationWarnings(marked(set, { 'serverless.sidecarset.io/strategy': 'native' }), []);
  expect(found).toEqual(
    expected === undefined
      ? []
      : [expect.stringMatching(`^spec.containers\\[0\\]: stays a plain container.*${expected}`)],
  );
});

const literal = (name: string, value: string): EnvVar => ({ name, value });

it.each<[EnvVar, boolean]>([
  [literal('DB_PASSWORD', 'hunter2!'), true],
  [literal('ALIYUN_ACCESS_KEY', 'abcdefgh'), true],
  [literal('apiKey', 'abcdefgh'), true],
  [literal('AUTH_TOKEN', 'abcdefgh'), true],
  [literal('ANYTHING', '-----BEGIN RSA PRIVATE KEY-----'), true],
  [literal('ANYTHING', 'AKIAABCDEFGHIJKLMNOP'), true],
  [literal('DB_PASSWORD', ''), false],
  [literal('DB_PASSWORD', '$(FROM_ELSEWHERE)'), false],
  [literal('ENABLE_TOKEN', 'true'), false],
  [literal('TOKEN_TTL', '3600s'), false],
  [literal('PASSWORD_FILE', '/etc/secret/password'), false],
  [literal('ACCESS_KEY_ID', 'abcdefgh'), false],
  [literal('TOKENIZER', 'fast'), false],
  [literal('cpu_usage_limit', '1'), false],
  [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }, false],
])('%j looks like a secret: %j, and is never quoted', (variable, expected) => {
  const found = warnings({ containers: [{ name: 'a', image: 'i', env: [variable] }] });
  expect(found.length > 0).toBe(expected);
  for (const warning of found) {
    expect(warning).toContain(`spec.containers[0].env[0]: ${variable.name}`);
    expect(warning).not.toContain(variable.value);
  }
});

it('warns of a conflict that OpenKruise does not see', () => {
  const containers = [{ name: 'same', image: 'i' }];
  const other = setOf('other', {
    containers,
    selector: { matchExpressions: [{ key: 'b', operator: 'Exists' }] },
  });
  expect(validationWarnings(setOf('set', { containers }), [other])).toEqual([
    expect.stringMatching(/^spec.containers\[0\].name: .*other.*; a Pod that both select is refused$/),
  ]);
});
