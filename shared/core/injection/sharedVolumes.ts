/** shareVolumePolicy: a sidecar sees the volumes of the Pod's own containers, at the same paths. */
import type { Container, EnvVar, Pod, VolumeMount } from '../../model/kubernetes.ts';
import { ENV_INJECTED } from '../../model/names.ts';
import { switchedOn } from '../resources/pod.ts';

const VARIABLE = /\$\(([^()]+)\)/g;

interface Offer {
  mount: VolumeMount;
  from: Container;
}

const offers = (pod: Pod): Offer[] =>
  pod.spec.containers
    .filter((container) => !switchedOn(container, ENV_INJECTED))
    .flatMap((from) => (from.volumeMounts ?? []).map((mount) => ({ mount, from })));

/** The variables that a subPathExpr names, as far as the container that it comes from has them. */
const variables = ({ mount, from }: Offer): EnvVar[] =>
  [...(mount.subPathExpr ?? '').matchAll(VARIABLE)].flatMap(
    ([, name]) => from.env?.find((variable) => variable.name === name) ?? [],
  );

/** The mounts of the Pod's own containers whose paths are not taken yet, and the variables that they need. */
export const sharedVolumes = (
  sidecar: Container,
  pod: Pod,
): { volumeMounts: VolumeMount[]; env: EnvVar[] } => {
  const taken = new Set([
    ...(sidecar.volumeMounts ?? []).map(({ mountPath }) => mountPath),
    ...(sidecar.volumeDevices ?? []).map(({ devicePath }) => devicePath),
  ]);
  const added = offers(pod).filter(({ mount }) => {
    const free = !taken.has(mount.mountPath);
    taken.add(mount.mountPath);
    return free;
  });
  return { volumeMounts: added.map(({ mount }) => mount), env: added.flatMap(variables) };
};
