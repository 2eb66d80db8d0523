import { expect, it } from 'vitest';
import { addSidecars } from '../../../../shared/core/injection/sidecars.ts';
import type { Container, EnvVar } from '../../../../shared/model/kubernetes.ts';
import type { SidecarContainer } from '../../../../shared/model/sidecarset.ts';
import { podOf, setOf } from './pods.ts';

const INJECTED = { name: 'IS_INJECTED', value: 'true' };
const FROM_SECRET = { name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } };

const containers: Container[] = [
  {
    name: 'main',
    env: [{ name: 'B', value: 'b' }, { name: 'A', value: 'a' }, FROM_SECRET, { name: 'B', value: 'b2' }],
  },
  { name: 'other', env: [{ name: 'A', value: 'other' }] },
];
const metadata = {
  labels: { app: 'web', source: 'other', 'example.com/source': 'other' },
  annotations: { source: 'other' },
};

/** The env of a sidecar that transfers so. */
const envAfter = (transferEnv: SidecarContainer['transferEnv'], env?: EnvVar[]): EnvVar[] | undefined => {
  const pod = podOf(
    { containers, initContainers: [{ name: 'early', env: [{ name: 'A', value: 'early' }] }] },
    metadata,
  );
  const set = setOf('set', { containers: [{ name: 's', image: 'i', env, transferEnv }] });
  return addSidecars(pod, [set]).pod.spec.containers[0]?.env;
};
const from = (fieldPath: string) => ({ sourceContainerNameFrom: { fieldRef: { fieldPath } } });

it.each<[string, SidecarContainer['transferEnv'], EnvVar[]]>([
  ['one variable by name', [{ sourceContainerName: 'main', envName: 'A' }], [{ name: 'A', value: 'a' }]],
  [
    'several, sorted by name, the last of duplicates',
    [{ sourceContainerName: 'main', envNames: ['B', 'A'], envName: 'A' }],
    [
      { name: 'A', value: 'a' },
      { name: 'B', value: 'b2' },
    ],
  ],
  ['a variable with its source', [{ sourceContainerName: 'main', envName: 'S' }], [FROM_SECRET]],
  [
    'entries in the order of the list, the earlier one of a name',
    [
      { sourceContainerName: 'other', envName: 'A' },
      { sourceContainerName: 'main', envNames: ['A', 'S'] },
    ],
    [{ name: 'A', value: 'other' }, FROM_SECRET],
  ],
  ['by a label', [{ ...from("metadata.labels['source']"), envName: 'A' }], [{ name: 'A', value: 'other' }]],
  [
    'by a label with a prefix',
    [{ ...from("metadata.labels['example.com/source']"), envName: 'A' }],
    [{ name: 'A', value: 'other' }],
  ],
  [
    'by an annotation, which counts before a name',
    [{ ...from("metadata.annotations['source']"), sourceContainerName: 'main', envName: 'A' }],
    [{ name: 'A', value: 'other' }],
  ],
  [
    'nothing by a label that is not there, whatever the name says',
    [{ ...from("metadata.labels['none']"), sourceContainerName: 'main', envName: 'A' }],
    [],
  ],
  ['nothing of an unknown container', [{ sourceContainerName: 'none', envName: 'A' }], []],
  ['nothing of an init container', [{ sourceContainerName: 'early', envName: 'A' }], []],
  ['nothing of an unknown variable', [{ sourceContainerName: 'main', envName: 'none' }], []],
  ['nothing without a source', [{ envName: 'A' }], []],
  ['nothing without a variable', [{ sourceContainerName: 'main' }], []],
])('transfers %s', (_, transferEnv, expected) => {
  expect(envAfter(transferEnv)).toEqual([INJECTED, ...expected]);
});

it('keeps the sidecar’s own variable of the same name', () => {
  const own = { name: 'A', value: 'own' };
  expect(envAfter([{ sourceContainerName: 'main', envName: 'A' }], [own])).toEqual([own, INJECTED]);
});

it('transfers to init containers too', () => {
  const transferEnv = [{ sourceContainerName: 'main', envName: 'A' }];
  const set = setOf('set', { containers: [], initContainers: [{ name: 'i', image: 'i', transferEnv }] });
  expect(addSidecars(podOf({ containers }), [set]).pod.spec.initContainers?.[0]?.env).toEqual([
    INJECTED,
    { name: 'A', value: 'a' },
  ]);
});
