/** The image in the OCI image layout (version 1.0.0 of both specifications), as one tar. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { archive, type Entry } from './archive.ts';
import { gzipStored } from './gzip.ts';
import { ARCHITECTURES, type Architecture, exitProgram } from './program.ts';

/** Where the program is for containers that name no `command`. */
export const ENTRYPOINT = '/exit';
/** The only directory in the image's `PATH`: a bare name such as `sh` is found there. */
export const SEARCHED = '/bin';
export const PLATFORMS = ARCHITECTURES.map((architecture) => `linux/${architecture}`);

/** Numeric and not root: `runAsNonRoot` can be checked only on a number. */
const USER = '65532:65532';

const TYPE = 'application/vnd.oci.image';
const INDEX = `${TYPE}.index.v1+json`;

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

interface Blob extends Descriptor {
  data: Buffer;
}

export interface ExitImage {
  /** The tar. */
  data: Buffer;
  /** `sha256:…` of the image for both platforms, as a registry has it. Names do not count into it. */
  digest: string;
}

const digestOf = (data: Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;

const blob = (mediaType: string, data: Buffer): Blob => ({
  mediaType,
  digest: digestOf(data),
  size: data.length,
  data,
});

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const descriptor = ({ mediaType, digest, size }: Blob): Descriptor => ({ mediaType, digest, size });

const parents = (path: string): string[] => {
  const parent = posix.dirname(path);
  return parent === '/' ? [] : [...parents(parent), parent];
};

const layerOf = (programs: string[], architecture: Architecture): Promise<Buffer> => {
  const data = exitProgram(architecture);
  const files = new Set(programs);
  // Sorted by code units, so a directory comes before what is in it.
  const paths = [...new Set([...files, ...programs.flatMap(parents)])].sort();
  return archive(
    paths.map(
      (path): Entry =>
        files.has(path) ? { path: path.slice(1), mode: 0o555, data } : { path: path.slice(1), mode: 0o755 },
    ),
  );
};

/** Manifest, configuration and layer of one platform. */
const blobsOf = async (programs: string[], architecture: Architecture) => {
  const files = await layerOf(programs, architecture);
  const layer = blob(`${TYPE}.layer.v1.tar+gzip`, gzipStored(files));
  const config = blob(
    `${TYPE}.config.v1+json`,
    json({
      created: new Date(0).toISOString(),
      architecture,
      os: 'linux',
      config: { User: USER, Env: [`PATH=${SEARCHED}`], Entrypoint: [ENTRYPOINT], WorkingDir: '/' },
      rootfs: { type: 'layers', diff_ids: [digestOf(files)] },
    }),
  );
  const mediaType = `${TYPE}.manifest.v1+json`;
  const manifest = blob(
    mediaType,
    json({ schemaVersion: 2, mediaType, config: descriptor(config), layers: [descriptor(layer)] }),
  );
  return { architecture, manifest, blobs: [manifest, config, layer] };
};

/**
 * @param programs absolute paths, none below another one
 * @param names full names of the image, at least one; each gets an entry in the layout's index
 */
export const exitImage = async (programs: string[], names: string[]): Promise<ExitImage> => {
  const platforms = await Promise.all(
    ARCHITECTURES.map((architecture) => blobsOf([ENTRYPOINT, ...programs], architecture)),
  );
  const image = blob(
    INDEX,
    json({
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: platforms.map(({ architecture, manifest }) => ({
        ...descriptor(manifest),
        platform: { architecture, os: 'linux' },
      })),
    }),
  );
  const named = names.map((name) => ({
    ...descriptor(image),
    annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name },
  }));
  const file = (path: string, data: Buffer): Entry => ({ path, mode: 0o644, data });
  const directory = (path: string): Entry => ({ path, mode: 0o755 });
  const data = await archive([
    directory('blobs'),
    directory('blobs/sha256'),
    ...[image, ...platforms.flatMap(({ blobs }) => blobs)].map((each) =>
      file(`blobs/${each.digest.replace(':', '/')}`, each.data),
    ),
    file('index.json', json({ schemaVersion: 2, mediaType: INDEX, manifests: named })),
    file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
  ]);
  return { data, digest: image.digest };
};
