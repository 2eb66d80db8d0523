import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type {
  DownwardItem,
  KeyToPath,
  Pod,
  ProjectedSource,
  Volume,
} from '../../../../../shared/model/kubernetes.ts';
import { type Address, fieldValue } from '../pod/fields.ts';
import { volumeRefusal } from '../pod/refusals.ts';
import { type Payload, type Source, type VolumeFile, volumeFiles } from './payload.ts';

/** `payload` answers `undefined` for what does not exist. */
export type Sources = (source: Source) => Promise<Payload | undefined>;

export type TokenWish = NonNullable<ProjectedSource['serviceAccountToken']>;

/** A token of the Pod's own service account, bound to the Pod. */
export type IssueToken = (pod: Pod, wish: TokenWish) => Promise<string>;

export interface VolumeOptions {
  pod: Pod;
  /** Below it, a directory for each volume by its name. */
  directory: string;
  address: Address;
  sources: Sources;
  serviceAccountToken?: IssueToken;
}

/** A string says why there are no files. */
type Files = VolumeFile[] | string;

interface Wish {
  items?: KeyToPath[];
  optional?: boolean;
}

const DEFAULT_MODE = 0o644;

const downwardFiles = ({ pod, address }: VolumeOptions, items: DownwardItem[], mode: number): Files => {
  const files: VolumeFile[] = [];
  for (const { path, fieldRef } of items) {
    const content = fieldValue(pod, fieldRef?.fieldPath ?? '', address);
    if (content === undefined) return `fieldRef ${fieldRef?.fieldPath} is not supported by the local node`;
    files.push({ path, content, mode });
  }
  return files;
};

const payloadFiles = async (
  { sources }: VolumeOptions,
  source: Source,
  { items, optional = false }: Wish,
  mode: number,
): Promise<Files> => {
  const payload = await sources(source);
  if (payload === undefined && !optional) return `${source.kind.toLowerCase()} "${source.name}" not found`;
  return volumeFiles(payload ?? new Map(), items, mode, optional);
};

const tokenFiles = async (
  { pod, serviceAccountToken }: VolumeOptions,
  wish: TokenWish,
  mode: number,
): Promise<Files> =>
  serviceAccountToken
    ? [{ path: wish.path, content: await serviceAccountToken(pod, wish), mode }]
    : 'serviceAccountToken is not supported by the local node';

const projectedFiles = async (
  options: VolumeOptions,
  { secret, configMap, downwardAPI, serviceAccountToken }: ProjectedSource,
  mode: number,
): Promise<Files> => {
  if (secret) return payloadFiles(options, { kind: 'Secret', name: secret.name ?? '' }, secret, mode);
  if (configMap)
    return payloadFiles(options, { kind: 'ConfigMap', name: configMap.name ?? '' }, configMap, mode);
  if (serviceAccountToken) return tokenFiles(options, serviceAccountToken, mode);
  return downwardFiles(options, downwardAPI?.items ?? [], mode);
};

const allProjected = async (
  options: VolumeOptions,
  { sources = [], defaultMode = DEFAULT_MODE }: NonNullable<Volume['projected']>,
): Promise<Files> => {
  const all: VolumeFile[] = [];
  for (const source of sources) {
    const files = await projectedFiles(options, source, defaultMode);
    if (typeof files === 'string') return files;
    all.push(...files);
  }
  return all;
};

const filesOf = async (options: VolumeOptions, volume: Volume): Promise<Files> => {
  const { secret, configMap, downwardAPI, projected } = volume;
  const { defaultMode = DEFAULT_MODE } = secret ?? configMap ?? downwardAPI ?? {};
  if (secret) {
    return payloadFiles(options, { kind: 'Secret', name: secret.secretName ?? '' }, secret, defaultMode);
  }
  if (configMap)
    return payloadFiles(options, { kind: 'ConfigMap', name: configMap.name ?? '' }, configMap, defaultMode);
  if (downwardAPI) return downwardFiles(options, downwardAPI.items ?? [], defaultMode);
  return projected ? allProjected(options, projected) : [];
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
 * by then is made again at the next try. Later changes of a ConfigMap or a Secret do not reach the files, and a token
 * is not renewed.
 */
export const makeVolumes = async (options: VolumeOptions): Promise<string | undefined> => {
  for (const volume of options.pod.spec.volumes ?? []) {
    const files = volumeRefusal(volume) ?? (await filesOf(options, volume));
    if (typeof files === 'string') return `MountVolume.SetUp failed for volume "${volume.name}" : ${files}`;
    await writeVolume(join(options.directory, volume.name), files);
  }
  return undefined;
};
