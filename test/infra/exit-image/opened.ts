/** An archive of an exit image as its readers find it. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: { architecture: string; os: string };
  annotations?: Record<string, string>;
}

export interface Index {
  schemaVersion: number;
  mediaType: string;
  manifests: Descriptor[];
}

export interface Manifest {
  schemaVersion: number;
  mediaType: string;
  config: Descriptor;
  layers: Descriptor[];
}

export interface Config {
  architecture: string;
  os: string;
  config: { User: string; Env: string[]; Entrypoint: string[]; WorkingDir: string };
  rootfs: { type: string; diff_ids: string[] };
}

export const sha256 = (data: Uint8Array): string =>
  `sha256:${createHash('sha256').update(data).digest('hex')}`;

export const unpacked = (tar: Uint8Array) => unpackTar(tar, { strict: true });

/** By the name of each file; directories end with `/`. */
const filesOf = async (tar: Uint8Array): Promise<Map<string, Uint8Array>> =>
  new Map((await unpacked(tar)).map(({ header, data }) => [header.name, data ?? new Uint8Array()]));

const json = <T>(data: Uint8Array | undefined): T => JSON.parse(Buffer.from(data ?? []).toString());

export const openArchive = async (tar: Uint8Array) => {
  const files = await filesOf(tar);
  const blob = ({ digest }: Descriptor): Uint8Array =>
    files.get(`blobs/${digest.replace(':', '/')}`) ?? new Uint8Array();
  const index = json<Index>(files.get('index.json'));
  const [named = { mediaType: '', digest: '', size: 0 }] = index.manifests;
  const image = json<Index>(blob(named));
  const platforms = await Promise.all(
    image.manifests.map(async (described) => {
      const manifest = json<Manifest>(blob(described));
      const [layer = described] = manifest.layers;
      const layerTar = gunzipSync(blob(layer));
      const config = json<Config>(blob(manifest.config));
      return { described, manifest, config, layerTar, files: await filesOf(layerTar) };
    }),
  );
  const descriptors = [
    ...index.manifests,
    ...image.manifests,
    ...platforms.flatMap(({ manifest }) => [manifest.config, ...manifest.layers]),
  ];
  return { files, index, image, platforms, descriptors, blob, layout: json(files.get('oci-layout')) };
};
