import type { Container, EnvVar, Pod } from '../../model/kubernetes.ts';
import { ENV_INJECTED } from '../../model/names.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';
import { shared } from './shared.ts';
import { transferredEnv } from './transferEnv.ts';

/** What only a SidecarSet's container has. */
const plain = (sidecar: SidecarContainer): Container => {
  const {
    podInjectPolicy: _position,
    upgradeStrategy: _upgrade,
    shareVolumePolicy: _volumes,
    shareVolumeDevicePolicy: _devices,
    transferEnv: _env,
    resourcesPolicy: _resources,
    ...container
  } = sidecar;
  return container;
};

/** Of equal names the first counts; the container's own duplicates are left as they are. */
const joined = (own: EnvVar[], copied: EnvVar[]): EnvVar[] => {
  const first = (name: string, env: EnvVar[]): number => env.findIndex((variable) => variable.name === name);
  const added = copied.filter(({ name }, at) => first(name, own) < 0 && first(name, copied) === at);
  return [...own, ...added];
};

/**
 * The container as it stands in the Pod: its own env, then IS_INJECTED, then transferred variables, then what the
 * sub-paths of shared volumes need.
 *
 * @param pod as it came in
 */
export const injectedContainer = (sidecar: SidecarContainer, pod: Pod): Container => {
  const container = plain(sidecar);
  const { volumeMounts: mounts, volumeDevices: devices, env } = shared(sidecar, pod);
  const own = [...(container.env ?? []), { name: ENV_INJECTED, value: 'true' }];
  const volumeMounts = [...(container.volumeMounts ?? []), ...mounts];
  const volumeDevices = [...(container.volumeDevices ?? []), ...devices];
  return {
    ...container,
    env: joined(own, [...transferredEnv(sidecar, pod), ...env]),
    ...(volumeMounts.length > 0 && { volumeMounts }),
    ...(volumeDevices.length > 0 && { volumeDevices }),
  };
};
