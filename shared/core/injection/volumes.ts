import { sameJson } from '../../model/json.ts';
import type { Pod, Volume } from '../../model/kubernetes.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import { volumeDefaults } from '../validation/volumeDefaults.ts';

interface Bring {
  set: string;
  volume: Volume;
}

export interface MergedVolumes {
  volumes: Volume[];
  warnings: string[];
}

const usedNames = (containers: SidecarContainer[]): string[] =>
  containers.flatMap(({ volumeMounts, volumeDevices }) =>
    [...(volumeMounts ?? []), ...(volumeDevices ?? [])].map(({ name }) => name),
  );

/** The volumes that a SidecarSet's containers mount, in the order met. */
const brought = ({ metadata, spec }: SidecarSet): Bring[] => {
  const names = usedNames([...(spec.initContainers ?? []), ...(spec.containers ?? [])]);
  return [...new Set(names)].flatMap((name) => {
    const volume = spec.volumes?.find((candidate) => candidate.name === name);
    return volume === undefined ? [] : [{ set: metadata.name, volume }];
  });
};

const clash = ({ set, volume }: Bring, holder: string): string =>
  `SidecarSet ${set}: its volume ${JSON.stringify(volume.name)} is not the one of the same name ${holder}; ` +
  'its containers get the latter';

const sameVolume = (left: Volume, right: Volume): boolean =>
  sameJson(volumeDefaults(left), volumeDefaults(right));

const join = (merged: MergedVolumes, bring: Bring, inPod: Set<string>): MergedVolumes => {
  const holder = merged.volumes.find(({ name }) => name === bring.volume.name);
  if (holder === undefined) return { ...merged, volumes: [...merged.volumes, bring.volume] };
  if (sameVolume(holder, bring.volume)) return merged;
  const where = inPod.has(holder.name) ? 'in the Pod' : 'of a SidecarSet before it';
  return { ...merged, warnings: [...merged.warnings, clash(bring, where)] };
};

/** A volume of the Pod wins over one of the same name, as does an earlier SidecarSet's; another source is a warning. */
export const mergeVolumes = (pod: Pod, sets: SidecarSet[]): MergedVolumes => {
  const own = pod.spec.volumes ?? [];
  const inPod = new Set(own.map(({ name }) => name));
  return sets
    .flatMap(brought)
    .reduce((merged: MergedVolumes, bring) => join(merged, bring, inPod), { volumes: own, warnings: [] });
};
