import type { Container, EnvVar, Pod } from '../../model/kubernetes.ts';
import { ENV_INJECTED } from '../../model/names.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';
import { sharedVolumes } from './sharedVolumes.ts';

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

/** Copied variables join at the end; a name that is there already keeps its own value. */
const joined = (own: EnvVar[], copied: EnvVar[]): EnvVar[] => {
  const first = (name: string, env: EnvVar[]): number => env.findIndex((variable) => variable.name === name);
  const added = copied.filter(({ name }, at) => first(name, own) < 0 && first(name, copied) === at);
  return [...own, ...added];
};

/** The container as it stands in the Pod: its own env, then IS_INJECTED, then what shared volumes need. */
export const injectedContainer = (sidecar: SidecarContainer, pod: Pod): Container => {
  const container = plain(sidecar);
  const shared =
    sidecar.shareVolumePolicy?.type === 'enabled'
      ? sharedVolumes(sidecar, pod)
      : { volumeMounts: [], env: [] };
  const own = [...(container.env ?? []), { name: ENV_INJECTED, value: 'true' }];
  const volumeMounts = [...(container.volumeMounts ?? []), ...shared.volumeMounts];
  return { ...container, env: joined(own, shared.env), ...(volumeMounts.length > 0 && { volumeMounts }) };
};
