import { expect, it } from 'vitest';
import { addSidecars } from '../../../../shared/core/injection/sidecars.ts';
import type { Pod, Volume } from '../../../../shared/model/kubernetes.ts';
import type { SidecarContainer, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import { podOf, setOf } from './pods.ts';

const INJECTED = { name: 'IS_INJECTED', value: 'true' };

const add = (pod: Pod, ...specs: SidecarSetSpec[]) =>
  addSidecars(
    pod,
    specs.map((spec, index) => setOf(`set${index}`, spec)),
  );

const sidecar = (name: string, more: Partial<SidecarContainer> = {}): SidecarContainer => ({
  name,
  image: `${name}:1`,
  ...more,
});

const names = (list: { name: string }[] | undefined) => list?.map(({ name }) => name);
const after = { podInjectPolicy: 'AfterAppContainer' as const };
const before = { podInjectPolicy: 'BeforeAppContainer' as const };

it('puts containers before or after those of the Pod, in the order of sets and of their specs', () => {
  const { pod } = add(
    podOf(),
    { containers: [sidecar('d', after), sidecar('b')] },
    { containers: [sidecar('a'), sidecar('c', after)] },
  );
  expect(names(pod.spec.containers)).toEqual(['b', 'a', 'main', 'd', 'c']);
});

it('replaces a container of the same name in its place', () => {
  const containers = [{ name: 'x' }, { name: 'main', image: 'own:1' }, { name: 'y' }];
  const { pod } = add(podOf({ containers }), { containers: [sidecar('main', { image: 'new:1' })] });
  expect(names(pod.spec.containers)).toEqual(['x', 'main', 'y']);
  expect(pod.spec.containers[1]?.image).toBe('new:1');
});

it('sorts init containers by name over all sets; they go last unless they say otherwise', () => {
  const { pod } = add(
    podOf({ initContainers: [{ name: 'own' }] }),
    { initContainers: [sidecar('d'), sidecar('b', before)] },
    { initContainers: [sidecar('c')], containers: [sidecar('s')] },
  );
  expect(names(pod.spec.initContainers)).toEqual(['b', 'own', 'c', 'd']);
});

it('strips what only a SidecarSet knows, keeps unknown fields, and marks the container last in its env', () => {
  const more = { env: [{ name: 'A', value: 'a' }], restartPolicyRules: [{ action: 'Restart' }] };
  const { pod } = add(podOf(), { containers: [sidecar('s', more)] });
  expect(pod.spec.containers[0]).toEqual({
    name: 's',
    image: 's:1',
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    restartPolicyRules: [{ action: 'Restart' }],
    env: [{ name: 'A', value: 'a' }, INJECTED],
  });
});

const mounting = (...volumes: string[]) => ({
  volumeMounts: volumes.map((name) => ({ name, mountPath: `/${name}` })),
});
const empty = (name: string): Volume => ({ name, emptyDir: {} });
const host = (name: string): Volume => ({ name, hostPath: { path: '/h' } });

it('brings the volumes that are mounted, in the order met, and no other', () => {
  const { pod, warnings } = add(podOf({ volumes: [empty('own')] }), {
    containers: [sidecar('s', { ...mounting('b'), volumeDevices: [{ name: 'd', devicePath: '/dev' }] })],
    initContainers: [sidecar('i', mounting('c'))],
    volumes: [empty('a'), empty('b'), empty('c'), empty('d')],
  });
  expect(names(pod.spec.volumes)).toEqual(['own', 'c', 'b', 'd']);
  expect(warnings).toEqual([]);
});

it.each<[string, Volume, Volume, number]>([
  ['the same source', empty('v'), empty('v'), 0],
  ['the same source before its defaults', { name: 'v', secret: { secretName: 's' } }, secret(), 0],
  ['another source', host('v'), empty('v'), 1],
])('the volume of the Pod wins over one with %s', (_, own, brought, count) => {
  const { pod, warnings } = add(podOf({ volumes: [own] }), {
    containers: [sidecar('s', mounting('v'))],
    volumes: [brought],
  });
  expect(pod.spec.volumes).toEqual([own]);
  expect(warnings).toHaveLength(count);
  for (const warning of warnings) expect(warning).toMatch(/set0.*"v".*in the Pod/);
});

it('warns of volumes that two sets bring with different sources', () => {
  const { pod, warnings } = add(
    podOf(),
    { containers: [sidecar('a', mounting('v'))], volumes: [empty('v')] },
    { containers: [sidecar('b', mounting('v'))], volumes: [host('v')] },
  );
  expect(pod.spec.volumes).toEqual([empty('v')]);
  expect(warnings).toEqual([expect.stringMatching(/set1.*of a SidecarSet before it/)]);
});

it('joins pull secrets, each once, the first of a name', () => {
  const imagePullSecrets = [{ name: 'a' }, { name: 'a' }];
  const { pod } = add(podOf({ imagePullSecrets }), { imagePullSecrets: [{ name: 'b' }, { name: 'a' }] });
  expect(pod.spec.imagePullSecrets).toEqual([{ name: 'a' }, { name: 'b' }]);
  expect(add(podOf(), {}).pod.spec).not.toHaveProperty('imagePullSecrets');
});

it('shares the mounts of the Pod’s own containers at free paths, with the variables that they need', () => {
  const main = {
    name: 'main',
    env: [
      { name: 'SUB', value: 'x' },
      { name: 'OWN', value: 'main' },
    ],
    volumeMounts: [
      { name: 'v', mountPath: '/taken' },
      { name: 'v', mountPath: '/dev/taken' },
      { name: 'v', mountPath: '/free', subPathExpr: '$(SUB)/$(OWN)/$(MISSING)' },
    ],
  };
  const other = { name: 'other', volumeMounts: [{ name: 'w', mountPath: '/free' }] };
  const injected = { name: 'elder', env: [INJECTED], volumeMounts: [{ name: 'v', mountPath: '/elder' }] };
  const shared = sidecar('s', {
    shareVolumePolicy: { type: 'enabled' },
    env: [{ name: 'OWN', value: 'own' }],
    volumeMounts: [{ name: 'mine', mountPath: '/taken' }],
    volumeDevices: [{ name: 'device', devicePath: '/dev/taken' }],
  });
  const { pod } = add(podOf({ containers: [main, other, injected] }), { containers: [shared] });
  expect(pod.spec.containers[0]).toMatchObject({
    env: [{ name: 'OWN', value: 'own' }, INJECTED, { name: 'SUB', value: 'x' }],
    volumeMounts: [{ name: 'mine', mountPath: '/taken' }, main.volumeMounts[2]],
  });
});

it('shares nothing by default', () => {
  const containers = [{ name: 'main', volumeMounts: [{ name: 'v', mountPath: '/v' }] }];
  const { pod } = add(podOf({ containers }), { containers: [sidecar('s')] });
  expect(pod.spec.containers[0]).not.toHaveProperty('volumeMounts');
});

it('shares the devices of the Pod’s own containers at paths that are free, only where it is asked for', () => {
  const main = {
    name: 'main',
    volumeDevices: [
      { name: 'd', devicePath: '/dev/taken' },
      { name: 'd', devicePath: '/mounted' },
      { name: 'd', devicePath: '/dev/free' },
    ],
  };
  const own = {
    volumeMounts: [{ name: 'mine', mountPath: '/mounted' }],
    volumeDevices: [{ name: 'device', devicePath: '/dev/taken' }],
  };
  const { pod } = add(podOf({ containers: [main] }), {
    containers: [
      sidecar('asks', { ...own, shareVolumeDevicePolicy: { type: 'enabled' } }),
      sidecar('asks-not', { ...own, shareVolumePolicy: { type: 'enabled' } }),
    ],
    initContainers: [sidecar('init', { shareVolumeDevicePolicy: { type: 'enabled' } })],
  });
  expect(pod.spec.containers[0]?.volumeDevices).toEqual([...own.volumeDevices, main.volumeDevices[2]]);
  expect(pod.spec.containers[1]?.volumeDevices).toEqual(own.volumeDevices);
  expect(pod.spec.initContainers?.[0]?.volumeDevices).toEqual(main.volumeDevices);
});

function secret(): Volume {
  return { name: 'v', secret: { secretName: 's', defaultMode: 420 } };
}
