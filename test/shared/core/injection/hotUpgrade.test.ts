import { expect, it } from 'vitest';
import { addSidecars } from '../../../../shared/core/injection/sidecars.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarContainer, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { podOf, setOf } from './pods.ts';

const WORKING = 'kruise.io/sidecarset-working-hotupgrade-container';
const hot = (name: string, more: Partial<SidecarContainer> = {}): SidecarContainer => ({
  name,
  image: `${name}:1`,
  upgradeStrategy: { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: 'empty:1' },
  ...more,
});
const add = (spec: SidecarSetSpec, pod: Pod = podOf()): Pod => addSidecars(pod, [setOf('set', spec)]).pod;

it('puts two containers in place of one, alike but for their images and their version variables', () => {
  const { spec } = add({ containers: [hot('mesh', { args: ['x'] })] });
  const [first, second, main] = spec.containers;
  expect([first?.name, second?.name, main?.name]).toEqual(['mesh-1', 'mesh-2', 'main']);
  expect([first?.image, second?.image]).toEqual(['mesh:1', 'empty:1']);
  for (const [container, name] of [
    [first, 'mesh-1'],
    [second, 'mesh-2'],
  ] as const) {
    expect(container).toMatchObject({ args: ['x'] });
    expect(container?.env).toEqual([
      { name: 'IS_INJECTED', value: 'true' },
      {
        name: 'SIDECARSET_VERSION',
        valueFrom: {
          fieldRef: { fieldPath: `metadata.annotations['version.sidecarset.kruise.io/${name}']` },
        },
      },
      {
        name: 'SIDECARSET_VERSION_ALT',
        valueFrom: {
          fieldRef: { fieldPath: `metadata.annotations['versionalt.sidecarset.kruise.io/${name}']` },
        },
      },
    ]);
  }
});

it('says in annotations which one works, and keeps what they say of others', () => {
  const before = podOf({}, { annotations: { [WORKING]: '{"zulu":"zulu-2"}', other: 'kept' } });
  expect(
    add({ containers: [hot('mesh'), { name: 'cold', image: 'c' }] }, before).metadata.annotations,
  ).toEqual({
    other: 'kept',
    [WORKING]: '{"mesh":"mesh-1","zulu":"zulu-2"}',
    'version.sidecarset.kruise.io/mesh-1': '1',
    'versionalt.sidecarset.kruise.io/mesh-1': '0',
    'version.sidecarset.kruise.io/mesh-2': '0',
    'versionalt.sidecarset.kruise.io/mesh-2': '1',
  });
});

it('takes garbage in the annotation for nothing', () => {
  const before = podOf({}, { annotations: { [WORKING]: 'null' } });
  expect(add({ containers: [hot('mesh')] }, before).metadata.annotations?.[WORKING]).toBe(
    '{"mesh":"mesh-1"}',
  );
});

it.each<[string, Partial<SidecarContainer>, string[]]>([
  ['doubles a native sidecar', { restartPolicy: 'Always' }, ['mesh-1', 'mesh-2']],
  ['does not double a plain init container', {}, ['mesh']],
])('%s', (_, more, names) => {
  const { spec } = add({ containers: [], initContainers: [hot('mesh', more)] });
  expect(spec.initContainers?.map(({ name }) => name)).toEqual(names);
});
