import { describe, expect, it } from 'vitest';
import { exitImage } from '../../../infra/exit-image/image.ts';
import { exitProgram } from '../../../infra/exit-image/program.ts';
import { openArchive, sha256, unpacked } from './opened.ts';

const PROGRAMS = ['/usr/local/bin/agent', '/bin/sh'];
const NAMES = ['registry.example.com/exit:1', 'registry.example.com/exit:2'];
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

const build = () => exitImage(PROGRAMS, NAMES);
const opened = async () => openArchive((await build()).data);

describe('the archive', () => {
  it('has the same bytes each time, in whatever order the programs are given', async () => {
    const again = await exitImage([...PROGRAMS].reverse(), NAMES);
    expect((await build()).data.equals(again.data)).toBe(true);
  });

  it('keeps the digest that somebody may have written down, whatever its names', async () => {
    const { digest } = await exitImage(['/bin/sh'], ['registry.example.com/other:1']);
    expect(digest).toBe('sha256:6b130ac8d50a8b5e137e9819a4299a856a4b7b07a99faaac81ddd4926770c8da');
  });

  it('has entries of 1970 that belong to root', async () => {
    const entries = await unpacked((await build()).data);
    expect(entries.map(({ header: { uid, gid, mtime } }) => [uid, gid, mtime?.getTime()])).toEqual(
      entries.map(() => [0, 0, 0]),
    );
  });

  it('is an OCI image layout', async () => {
    const { layout, index, files } = await opened();
    expect(layout).toEqual({ imageLayoutVersion: '1.0.0' });
    expect(index).toMatchObject({ schemaVersion: 2, mediaType: INDEX });
    expect([...files.keys()].filter((name) => !name.startsWith('blobs/sha256/'))).toEqual([
      'blobs/',
      'index.json',
      'oci-layout',
    ]);
  });

  it('has a blob of the right size and digest for every descriptor, and no other', async () => {
    const { descriptors, blob, files } = await opened();
    const described = descriptors.map(({ digest, size }) => [digest, size]);
    expect(described).toEqual(descriptors.map((each) => [sha256(blob(each)), blob(each).length]));
    const blobs = [...files.keys()].filter((name) => /^blobs\/sha256\/./.test(name));
    expect(blobs.map((name) => name.replace('blobs/sha256/', 'sha256:')).sort()).toEqual(
      [...new Set(descriptors.map(({ digest }) => digest))].sort(),
    );
  });

  it('gives one image each of its names, as containerd and skopeo read them', async () => {
    const { digest, data } = await build();
    const { index } = await openArchive(data);
    expect(index.manifests).toMatchObject(
      NAMES.map((name) => ({
        mediaType: INDEX,
        digest,
        annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name },
      })),
    );
  });
});

describe('the image', () => {
  it('is there for both platforms', async () => {
    const { image, platforms } = await opened();
    expect(image).toMatchObject({ schemaVersion: 2, mediaType: INDEX });
    expect(image.manifests.map(({ mediaType, platform }) => [mediaType, platform])).toEqual(
      ['amd64', 'arm64'].map((architecture) => [MANIFEST, { architecture, os: 'linux' }]),
    );
    for (const { manifest } of platforms) {
      expect(manifest).toMatchObject({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json' },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' }],
      });
    }
  });

  it('runs its own program where no command is named, as nobody in particular and not as root', async () => {
    for (const { config, described, layerTar } of (await opened()).platforms) {
      expect(config).toMatchObject({
        ...described.platform,
        config: { User: '65532:65532', Env: ['PATH=/bin'], Entrypoint: ['/exit'], WorkingDir: '/' },
        rootfs: { type: 'layers', diff_ids: [sha256(layerTar)] },
      });
    }
  });

  it('holds the program at every path, for everybody to execute, and each directory before what is in it', async () => {
    for (const { layerTar } of (await opened()).platforms) {
      const entries = await unpacked(layerTar);
      expect(entries.map(({ header: { name, type, mode } }) => [name, type, mode?.toString(8)])).toEqual([
        ['bin/', 'directory', '755'],
        ['bin/sh', 'file', '555'],
        ['exit', 'file', '555'],
        ['usr/', 'directory', '755'],
        ['usr/local/', 'directory', '755'],
        ['usr/local/bin/', 'directory', '755'],
        ['usr/local/bin/agent', 'file', '555'],
      ]);
    }
  });

  it.each(['amd64', 'arm64'] as const)('has the program of %s on that platform', async (architecture) => {
    const { platforms } = await opened();
    const { files } = platforms.find(({ config }) => config.architecture === architecture) ?? {};
    expect(files?.get('bin/sh')).toEqual(new Uint8Array(exitProgram(architecture)));
  });

  it('may have paths longer than the classic name field of tar', async () => {
    const path = `/${'directory/'.repeat(30)}program`;
    const { platforms } = await openArchive((await exitImage([path], NAMES)).data);
    expect([...(platforms[0]?.files.keys() ?? [])]).toContain(path.slice(1));
  });
});
