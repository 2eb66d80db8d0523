/** The node's images: docker-archives made of busybox and of a program of our own. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUSYBOX } from './requirements.ts';

const REGISTRY = 'node.test';
const image = (name: string): string => `${REGISTRY}/${name}:1`;

/** Of the Pods' sandboxes. */
export const PAUSE_IMAGE = image('pause');
/** A shell and small programs. */
export const SHELL_IMAGE = image('shell');
/** The same under another name, to upgrade to. */
export const SHELL_IMAGE_2 = `${REGISTRY}/shell:2`;
/** Nothing but `/behave`: see programs/behave. */
export const BARE_IMAGE = image('bare');
/** The same, and its own user is not root: no manifest says so. */
export const USER_IMAGE = image('user');
export const IMAGE_USER = 1000;
/** Image of the ephemeral containers that `terminate` adds, as serverless.yml names it. */
const KILLER_IMAGE = 'docker.io/library/busybox:1.37';
/** Stand-ins for the images of examples/ilogtail. */
const EXAMPLE_IMAGES = [
  'registry.cn-hangzhou.aliyuncs.com/log-service/docker-log-test:latest',
  'sls-opensource-registry.cn-shanghai.cr.aliyuncs.com/ilogtail-community-edition/ilogtail:edge',
];

const APPLETS = [
  'cat',
  'date',
  'echo',
  'env',
  'id',
  'kill',
  'ls',
  'ps',
  'sh',
  'sleep',
  'tail',
  'test',
  'touch',
];
const MORE_APPLETS = ['true', 'false', 'wc', 'usleep', 'mkdir', 'rm', 'seq', 'grep', 'sed'];

interface Content {
  references: string[];
  /** Writes the files of the one layer. */
  fill: (root: string) => Promise<void>;
  entrypoint: string[];
  user?: number;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const pack = (directory: string, archive: string): Promise<unknown> =>
  promisify(execFile)('tar', ['--create', '--file', archive, '--owner=0', '--group=0', '-C', directory, '.']);

const writeArchive = async (directory: string, archive: string, content: Content): Promise<void> => {
  const [root, whole] = [join(directory, 'root'), join(directory, 'image')];
  for (const path of [root, whole]) await mkdir(path, { recursive: true });
  await content.fill(root);
  await pack(root, join(whole, 'layer.tar'));
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Entrypoint: content.entrypoint,
      Env: ['PATH=/bin'],
      ...(content.user && { User: String(content.user) }),
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(await readFile(join(whole, 'layer.tar')))}`] },
  };
  await writeFile(join(whole, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: content.references, Layers: ['layer.tar'] }];
  await writeFile(join(whole, 'manifest.json'), JSON.stringify(manifest));
  await pack(whole, archive);
};

const fillWithShell = async (root: string): Promise<void> => {
  const bin = join(root, 'bin');
  for (const path of [bin, join(root, 'tmp')]) await mkdir(path, { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
  await copyFile(BUSYBOX, join(bin, 'busybox'));
  for (const applet of [...APPLETS, ...MORE_APPLETS]) await symlink('busybox', join(bin, applet));
};

const EXAMPLE = join(import.meta.dirname, '../example');

/** The programs that the example's manifests name, as shell scripts. */
const fillForExample = async (root: string): Promise<void> => {
  await fillWithShell(root);
  const agent = join(root, 'usr/local/ilogtail');
  await mkdir(agent, { recursive: true });
  await copyFile(join(EXAMPLE, 'mock_log.sh'), join(root, 'bin/mock_log'));
  await copyFile(join(EXAMPLE, 'ilogtail_control.sh'), join(agent, 'ilogtail_control.sh'));
};

const fillWith = (program: string) => async (root: string) => copyFile(program, join(root, 'behave'));

/**
 * @param directory exists; the archives end up in its `images`
 * @param behave path of the built program
 */
export const writeImages = async (directory: string, behave: string): Promise<void> => {
  const bare = { fill: fillWith(behave), entrypoint: ['/behave'] };
  const contents: Record<string, Content> = {
    pause: { ...bare, references: [PAUSE_IMAGE] },
    bare: { ...bare, references: [BARE_IMAGE] },
    user: { ...bare, references: [USER_IMAGE], user: IMAGE_USER },
    example: { references: EXAMPLE_IMAGES, fill: fillForExample, entrypoint: ['/bin/sh'] },
    shell: { references: [SHELL_IMAGE, KILLER_IMAGE], fill: fillWithShell, entrypoint: ['/bin/sh'] },
    shell2: {
      references: [SHELL_IMAGE_2],
      // Other content, so that its digest differs.
      fill: async (root) => {
        await fillWithShell(root);
        await writeFile(join(root, 'version'), '2\n');
      },
      entrypoint: ['/bin/sh'],
    },
  };
  await mkdir(join(directory, 'images'), { recursive: true });
  for (const [name, content] of Object.entries(contents))
    await writeArchive(join(directory, 'content', name), join(directory, 'images', `${name}.tar`), content);
};
