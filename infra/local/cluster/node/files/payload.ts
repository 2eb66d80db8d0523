import type { KeyToPath, KubernetesObject } from '../../../../../shared/model/kubernetes.ts';

/** The entries of a ConfigMap or a Secret as bytes. */
export type Payload = ReadonlyMap<string, Buffer>;

export interface Source {
  kind: 'ConfigMap' | 'Secret';
  name: string;
}

interface Carrier extends KubernetesObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

/** A Secret's data are Base64, a ConfigMap's are text beside binaryData. */
export const payloadOf = (kind: Source['kind'], { data = {}, binaryData = {} }: Carrier): Payload => {
  const plain = kind === 'Secret' ? 'base64' : 'utf8';
  return new Map([
    ...Object.entries(data).map(([key, value]): [string, Buffer] => [key, Buffer.from(value, plain)]),
    ...Object.entries(binaryData).map(([key, value]): [string, Buffer] => [
      key,
      Buffer.from(value, 'base64'),
    ]),
  ]);
};

export interface VolumeFile {
  path: string;
  content: Buffer | string;
  mode: number;
}

const isInside = (path: string): boolean => !path.startsWith('/') && !path.split('/').includes('..');

/** The files of a volume: every entry, or those that `items` names. A string tells which key or path is wrong. */
export const volumeFiles = (
  payload: Payload,
  items: KeyToPath[] | undefined,
  defaultMode: number,
  optional: boolean,
): VolumeFile[] | string => {
  const wanted: KeyToPath[] = items ?? [...payload.keys()].map((key) => ({ key, path: key }));
  const files: VolumeFile[] = [];
  for (const { key, path, mode = defaultMode } of wanted) {
    const content = payload.get(key);
    if (!isInside(path)) return `the path ${path} leaves the volume`;
    if (content !== undefined) files.push({ path, content, mode });
    else if (!optional) return `references non-existent config key: ${key}`;
  }
  return files;
};
