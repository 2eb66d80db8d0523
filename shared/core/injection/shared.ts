/** shareVolumePolicy and shareVolumeDevicePolicy: a sidecar sees what the Pod's own containers see, at the same paths. */
import type { Container, EnvVar, Pod, VolumeMount } from '../../model/kubernetes.ts';
import { ENV_INJECTED } from '../../model/names.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';
import { switchedOn } from '../resources/pod.ts';

type Device = NonNullable<Container['volumeDevices']>[number];

export interface Shared {
  volumeMounts: VolumeMount[];
  volumeDevices: Device[];
  /** What the sub-paths of the mounts need. */
  env: EnvVar[];
}

const VARIABLE = /\$\(([^()]+)\)/g;

const sources = (pod: Pod): Container[] =>
  pod.spec.containers.filter((container) => !switchedOn(container, ENV_INJECTED));

/** The first at each path that the sidecar has not taken itself, by a mount or a device. */
const atFreePaths = <T>(sidecar: Container, offered: T[], pathOf: (offer: T) => string): T[] => {
  const taken = new Set([
    ...(sidecar.volumeMounts ?? []).map(({ mountPath }) => mountPath),
    ...(sidecar.volumeDevices ?? []).map(({ devicePath }) => devicePath),
  ]);
  return offered.filter((offer) => {
    const free = !taken.has(pathOf(offer));
    taken.add(pathOf(offer));
    return free;
  });
};

/** The variables that a subPathExpr names, as far as the container that it comes from has them. */
const variables = (mount: VolumeMount, from: Container): EnvVar[] =>
  [...(mount.subPathExpr ?? '').matchAll(VARIABLE)].flatMap(
    ([, name]) => from.env?.find((variable) => variable.name === name) ?? [],
  );

const sharedMounts = (sidecar: SidecarContainer, pod: Pod): { mount: VolumeMount; from: Container }[] => {
  if (sidecar.shareVolumePolicy?.type !== 'enabled') return [];
  const offers = sources(pod).flatMap((from) => (from.volumeMounts ?? []).map((mount) => ({ mount, from })));
  return atFreePaths(sidecar, offers, ({ mount }) => mount.mountPath);
};

const sharedDevices = (sidecar: SidecarContainer, pod: Pod): Device[] => {
  if (sidecar.shareVolumeDevicePolicy?.type !== 'enabled') return [];
  const offers = sources(pod).flatMap(({ volumeDevices }) => volumeDevices ?? []);
  return atFreePaths(sidecar, offers, ({ devicePath }) => devicePath);
};

/** What the policies of a sidecar give it; init containers of the Pod and injected containers are never a source. */
export const shared = (sidecar: SidecarContainer, pod: Pod): Shared => {
  const mounts = sharedMounts(sidecar, pod);
  return {
    volumeMounts: mounts.map(({ mount }) => mount),
    volumeDevices: sharedDevices(sidecar, pod),
    env: mounts.flatMap(({ mount, from }) => variables(mount, from)),
  };
};
