import { expect, it } from 'vitest';
import { clashes } from '../../../../shared/core/injection/clashes.ts';
import type { PodSpec } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { podOf, setOf } from './pods.ts';

const brings = (containers: string[], initContainers: string[] = []): SidecarSetSpec => ({
  containers: containers.map((name) => ({ name, image: 'i' })),
  initContainers: initContainers.map((name) => ({ name, image: 'i' })),
});

it.each<[string, SidecarSetSpec[], Partial<PodSpec>, string[]]>([
  ['different names', [brings(['x'], ['i']), brings(['y'], ['j'])], {}, []],
  ['a container from two sets', [brings(['x', 'y']), brings(['y'])], {}, ['spec.containers: y .*set0, set1']],
  [
    'an init container from two sets',
    [brings([], ['i']), brings([], ['i'])],
    {},
    ['spec.initContainers: i .*set0, set1'],
  ],
  ['a container of the Pod in the same list: replaced', [brings(['main'])], {}, []],
  [
    'a sidecar named like an init container of the Pod',
    [brings(['setup'])],
    { initContainers: [{ name: 'setup' }] },
    ['spec.initContainers: setup .*set0'],
  ],
  [
    'an init container named like a container of the Pod',
    [brings([], ['main'])],
    {},
    ['spec.containers: main .*set0'],
  ],
])('%s', (_, specs, spec, expected) => {
  const causes = clashes(
    podOf(spec),
    specs.map((each, index) => setOf(`set${index}`, each)),
  );
  const said = causes.map(({ field, message }) => `${field}: ${message.replace('Invalid value: ', '')}`);
  expect(said).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
});
