import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Pod, Volume } from '../../../../../shared/model/kubernetes.ts';
import { type Address, fieldValue } from '../pod/fields.ts';
import { volumeRefusal } from '../pod/refusals.ts';
import { type Payload, type Source, type VolumeFile, volumeFiles } from './payload.ts';

/** `payload` answers `undefined` for what does not exist. */
export type Sources = (source: Source) => Promise<Payload | undefined>;

export interface VolumeOptions {
  pod: Pod;
  /** Below it, a directory for each volume by its name. */
  directory: string;
  address: Address;
  sources: Sources;
}

const DEFAULT_MODE = 0o644;

const downwardFiles = ({ pod, address }: VolumeOptions, volume: Volume): VolumeFile[] | string => {
  const { items = [], defaultMode = DEFAULT_MODE } = volume.downwardAPI ?? {};
  const files: VolumeFile[] = [];
  for (const { path, fieldRef } of items) {
    const content = fieldValue(pod, fieldRef?.fieldPath ?? '', address);
    if (content === undefined) return `fieldRef ${fieldRef?.fieldPath} is not supported by the local node`;
    files.push({ path, content, mode: defaultMode });
  }
  return files;
};

const payloadFiles = async (options: VolumeOptions, volume: Volume): Promise<VolumeFile[] | string> => {
  const source: Source | undefined = volume.secret
    ? { kind: 'Secret', name: volume.secret.secretName ?? '' }
    : volume.configMap && { kind: 'ConfigMap', name: volume.configMap.name ?? '' };
  const wish = volume.secret ?? volume.configMap;
  if (source === undefined || wish === undefined) return [];
  const payload = await options.sources(source);
  if (payload === undefined && !wish.optional)
    return `${source.kind.toLowerCase()} "${source.name}" not found`;
  const { items, defaultMode = DEFAULT_MODE, optional = false } = wish;
  return volumeFiles(payload ?? new Map(), items, defaultMode, optional);
};

const writeVolume = async (place: string, files: VolumeFile[]): Promise<void> => {
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  for (const { path, content, mode } of files) {
    const file = join(place, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, mode);
  }
};

/**
 * Makes the Pod's volumes as directories. A string says why one can't be made, in the kubelet's words; what was made
 * by then is made again at the next try. Later changes of a ConfigMap or a Secret do not reach the files.
 */
export const makeVolumes = async (options: VolumeOptions): Promise<string | undefined> => {
  for (const volume of options.pod.spec.volumes ?? []) {
    const refusal = volumeRefusal(volume);
    const files =
      refusal ?? (volume.downwardAPI ? downwardFiles(options, volume) : await payloadFiles(options, volume));
    if (typeof files === 'string') return `MountVolume.SetUp failed for volume "${volume.name}" : ${files}`;
    await writeVolume(join(options.directory, volume.name), files);
  }
  return undefined;
};
