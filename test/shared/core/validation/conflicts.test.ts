import { expect, it } from 'vitest';
import { conflicts } from '../../../../shared/core/validation/conflicts.ts';
import { readableSets } from '../../../../shared/core/validation/read.ts';
import { validateAmongOthers } from '../../../../shared/core/validation/validate.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { setOf } from '../injection/pods.ts';

const NOTHING = () => undefined;

const brings = (name: string, spec: SidecarSetSpec = {}): SidecarSet => setOf(name, spec);
const containers = [{ name: 'same', image: 'i' }];
const initContainers = containers;
const annotation = (patchPolicy: string, key = 'a') => ({
  patchPodMetadata: [{ annotations: { [key]: '{}' }, patchPolicy }],
});
const canaryOf = (base: string, set: SidecarSet): SidecarSet => ({
  ...set,
  metadata: {
    ...set.metadata,
    annotations: {
      ...set.metadata.annotations,
      'apps.kruise.io/sidecarset-canary': 'true',
      'apps.kruise.io/sidecarset-base': base,
    },
  },
});

const fields = (set: SidecarSet, others: SidecarSet[]) =>
  conflicts(set, others).map(({ cause, certainty }) => `${certainty} ${cause.field}`);

it.each<[string, SidecarSetSpec, SidecarSetSpec, string[]]>([
  ['the same container', { containers }, { containers }, ['yes spec.containers[0].name']],
  [
    'the same init container',
    { containers: [], initContainers },
    { containers: [], initContainers },
    ['yes spec.initContainers[0].name'],
  ],
  ['a container and an init container of one name', { containers }, { containers: [], initContainers }, []],
  [
    'volumes of one name with other sources',
    { volumes: [{ name: 'v', emptyDir: {} }] },
    { volumes: [{ name: 'v', hostPath: { path: '/v' } }] },
    ['yes spec.volumes[0]'],
  ],
  [
    'the same volume, once before its defaults',
    { volumes: [{ name: 'v', secret: { secretName: 's' } }] },
    { volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: 420 } }] },
    [],
  ],
  [
    'an annotation that both overwrite',
    annotation('Overwrite'),
    annotation('Overwrite'),
    ['yes spec.patchPodMetadata[0].annotations[a]'],
  ],
  [
    'an annotation that one merges and the other overwrites',
    annotation('MergePatchJson'),
    annotation('Overwrite'),
    ['yes spec.patchPodMetadata[0].annotations[a]'],
  ],
  ['an annotation that both merge', annotation('MergePatchJson'), annotation('MergePatchJson'), []],
  ['an annotation that one retains', annotation('Overwrite'), annotation('Retain'), []],
  ['other annotations', annotation('Overwrite'), annotation('Overwrite', 'b'), []],
  [
    'the same container for other Pods',
    { containers },
    { containers, selector: { matchLabels: { app: 'db' } } },
    [],
  ],
  [
    'the same container in other namespaces',
    { containers, namespaceSelector: { matchLabels: { team: 'x' } } },
    { containers, namespaceSelector: { matchLabels: { team: 'y' } } },
    [],
  ],
  [
    'the same container for Pods that OpenKruise takes for others',
    { containers },
    { containers, selector: { matchExpressions: [{ key: 'b', operator: 'Exists' }] } },
    ['perhaps spec.containers[0].name'],
  ],
])('two sets that bring %s', (_, left, right, expected) => {
  expect(fields(brings('left', left), [brings('right', right)])).toEqual(expected);
});

it('a set is in no conflict with itself', () => {
  expect(fields(brings('a', { containers }), [brings('a', { containers })])).toEqual([]);
});

it('a canary and its base are in no conflict, from either side', () => {
  const base = brings('base', { containers });
  const canary = canaryOf('base', brings('canary', { containers }));
  expect(fields(canary, [base])).toEqual([]);
  expect(fields(base, [canary])).toEqual([]);
  expect(fields(canary, [base, brings('third', { containers })])).toEqual(['yes spec.containers[0].name']);
});

it.each<[string, string, SidecarSet[], string[]]>([
  ['whose base is there', 'base', [brings('base')], []],
  ['whose base is missing', 'base', [], ['metadata.annotations[apps.kruise.io/sidecarset-base]']],
  [
    'whose base is a canary',
    'base',
    [canaryOf('root', brings('base')), brings('root')],
    ['metadata.annotations[apps.kruise.io/sidecarset-base]'],
  ],
])('a canary %s', (_, base, sets, expected) => {
  const set = canaryOf(base, brings('canary'));
  const around = { sets, revisions: [], whitelist: undefined };
  expect(validateAmongOthers(set, around, NOTHING).map(({ field }) => field)).toEqual(expected);
});

it('does not refuse what OpenKruise takes, where two selectors overlap only perhaps', () => {
  const other = brings('b', {
    containers,
    selector: { matchExpressions: [{ key: 'b', operator: 'Exists' }] },
  });
  const around = { sets: [other], revisions: [], whitelist: undefined };
  expect(validateAmongOthers(brings('a', { containers }), around, NOTHING)).toEqual([]);
});

it.each<[string, object]>([
  ['without a spec', { metadata: { name: 'broken' } }],
  [
    'with a selector of a wrong type',
    { metadata: { name: 'broken' }, spec: { selector: { matchLabels: [] } } },
  ],
])('passes over sets that were stored %s', (_, stored) => {
  expect(readableSets([stored, brings('a')]).map(({ metadata }) => metadata.name)).toEqual(['a']);
});
