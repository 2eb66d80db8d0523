import { expect, it } from 'vitest';
import { convertSidecarSet } from '../../../../shared/core/validation/convert.ts';
import type { KubernetesObject } from '../../../../shared/model/kubernetes.ts';

const ALPHA = 'apps.kruise.io/v1alpha1';
const BETA = 'apps.kruise.io/v1beta1';
const NAME = 'kubernetes.io/metadata.name';
const ORIGIN = 'serverless.sidecarset.io/v1alpha1-namespace';
const VERSION = 'apps.kruise.io/sidecarset-custom-version';

const object = (apiVersion: string, spec: object, labels?: Record<string, string>): KubernetesObject => ({
  apiVersion,
  kind: 'SidecarSet',
  metadata: { name: 'set', ...(labels && { labels }) },
  ...{ spec, status: { matchedPods: 1 } },
});

const converted = (given: KubernetesObject, desired: string): KubernetesObject => {
  const result = convertSidecarSet(given, desired);
  if (result.kind === 'refused') throw new Error(result.message);
  return result.object;
};

const alpha = (spec: object, labels?: Record<string, string>) => object(ALPHA, spec, labels);
const beta = (spec: object, labels?: Record<string, string>) => object(BETA, spec, labels);

/** A v1beta1 object that was given in v1alpha1 with a namespace. */
const cameFrom = (namespace: string, namespaceSelector: object): KubernetesObject => {
  const given = beta({ namespaceSelector });
  return { ...given, metadata: { ...given.metadata, annotations: { [ORIGIN]: namespace } } };
};

it.each<[string, KubernetesObject, KubernetesObject]>([
  ['nothing special', alpha({ selector: {}, x: 1 }), beta({ selector: {}, x: 1 })],
  ['a namespace', alpha({ namespace: 'a' }), cameFrom('a', { matchLabels: { [NAME]: 'a' } })],
  [
    'a namespace beside a namespaceSelector: both hold',
    alpha({ namespace: 'a', namespaceSelector: { matchLabels: { team: 'x' }, matchExpressions: [] } }),
    cameFrom('a', { matchLabels: { team: 'x', [NAME]: 'a' }, matchExpressions: [] }),
  ],
  [
    'a namespaceSelector that happens to be one namespace',
    alpha({ namespaceSelector: { matchLabels: { [NAME]: 'a' } } }),
    beta({ namespaceSelector: { matchLabels: { [NAME]: 'a' } } }),
  ],
  [
    'another namespaceSelector',
    alpha({ namespaceSelector: { matchLabels: { team: 'x' } } }),
    beta({ namespaceSelector: { matchLabels: { team: 'x' } } }),
  ],
  ['a custom version', alpha({}, { [VERSION]: '1', a: 'b' }), beta({ customVersion: '1' }, { a: 'b' })],
  ['a custom version alone', alpha({}, { [VERSION]: '1' }), beta({ customVersion: '1' })],
])('converts %s, and back to the same object', (_, old, current) => {
  expect(converted(old, BETA)).toEqual(current);
  expect(converted(current, ALPHA)).toEqual(old);
});

it('takes the same namespace twice, and shows it once', () => {
  const once = cameFrom('a', { matchLabels: { [NAME]: 'a' } });
  const twice = alpha({ namespace: 'a', namespaceSelector: { matchLabels: { [NAME]: 'a' } } });
  expect(converted(twice, BETA)).toEqual(once);
  expect(converted(once, ALPHA)).toEqual(alpha({ namespace: 'a' }));
});

it('drops an empty namespace, and nulls', () => {
  expect(converted(alpha({ namespace: '', namespaceSelector: null }), BETA)).toEqual(beta({}));
});

it('shows a selector that was changed in v1beta1 as it is', () => {
  const changed = cameFrom('a', { matchLabels: { [NAME]: 'b' } });
  expect(converted(changed, ALPHA)).toEqual(alpha({ namespaceSelector: { matchLabels: { [NAME]: 'b' } } }));
});

it.each<[string, KubernetesObject, string]>([
  [
    'two namespaces at once',
    alpha({ namespace: 'a', namespaceSelector: { matchLabels: { [NAME]: 'b' } } }),
    BETA,
  ],
  ['another version', alpha({}), 'apps.kruise.io/v2'],
  ['a namespace that is no string', alpha({ namespace: ['a'] }), BETA],
  ['a spec that is no object', object(ALPHA, [] as object), BETA],
])('refuses %s', (_, given, desired) => {
  expect(convertSidecarSet(given, desired)).toEqual({ kind: 'refused', message: expect.any(String) });
});

it('leaves an object of the desired version alone', () => {
  const given = beta({ namespace: 'kept, though unknown' });
  expect(converted(given, BETA)).toBe(given);
});
