import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Container, VolumeMount } from '../../../../../shared/model/kubernetes.ts';
import type { Image } from '../../images/image.ts';
import { type Mapping, rewriter } from './paths.ts';

/** Where and with what a container's processes run. */
export interface Place {
  cwd: string;
  env: Record<string, string>;
  rewrite: (text: string) => string;
  /** A container runtime's complaint about a program that is not among the container's own files; else `undefined`. */
  missing: (program: string) => string | undefined;
}

export interface PlaceOptions {
  /** The container's own root; emptied first. */
  root: string;
  /** Directory of the Pod's volumes. */
  volumes: string;
  container: Container;
  image: Image;
  variables: Record<string, string>;
  hostName: string;
}

/** What runs under `/bin/sh`: job manifests that were written for bash (`[[`) are common. */
const SHELL = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh';
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const trimmed = (path: string): string => path.replace(/\/+$/, '');

const mountTarget = (volumes: string, { name, subPath }: VolumeMount): string =>
  join(volumes, name, subPath ?? '');

/** A shell brings the tools of this machine along. */
const hasShell = ({ shell = true }: Image): boolean => shell;

const makeImage = async (root: string, image: Image): Promise<Mapping[]> => {
  for (const directory of image.directories) await mkdir(join(root, directory), { recursive: true });
  for (const [path, text] of Object.entries(image.files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    await chmod(join(root, path), 0o755);
  }
  if (hasShell(image)) {
    await mkdir(join(root, 'bin'), { recursive: true });
    await symlink(SHELL, join(root, 'bin/sh'));
  }
  const paths = [...(hasShell(image) ? ['/bin/sh'] : []), ...image.directories, ...Object.keys(image.files)];
  return paths.map((path) => ({ from: path, to: join(root, path) }));
};

/** Whether the way to `path` leaves the root through a mount that was made before. */
const isBelowMount = (path: string, mounted: string[]): boolean =>
  mounted.some((mount) => path.startsWith(`${mount}/`));

/**
 * Links the volumes to their mount paths, for programs that find their files by CONTAINER_ROOT. A mount below another
 * one is reached by rewritten paths alone: a link would appear in the outer volume. A subPath that does not exist
 * becomes a directory, as the kubelet makes it.
 */
const makeMounts = async ({ root, volumes, container }: PlaceOptions): Promise<Mapping[]> => {
  const mappings: Mapping[] = [];
  const byPath = [...(container.volumeMounts ?? [])].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1));
  for (const mount of byPath) {
    const [from, to] = [trimmed(mount.mountPath), mountTarget(volumes, mount)];
    if (!existsSync(to)) await mkdir(to, { recursive: true });
    if (
      !isBelowMount(
        from,
        mappings.map((mapping) => mapping.from),
      )
    ) {
      await mkdir(dirname(join(root, from)), { recursive: true });
      await rm(join(root, from), { recursive: true, force: true });
      await symlink(to, join(root, from));
    }
    mappings.push({ from, to });
  }
  return mappings;
};

/** runc's words for a program that is not there. */
export const notFound = (program: string): string =>
  program.includes('/')
    ? `exec: "${program}": stat ${program}: no such file or directory`
    : `exec: "${program}": executable file not found in $PATH`;

/** Without a shell there is nothing but the image's own files; with one, the machine finds out. */
const missingIn =
  (image: Image, root: string, rewrite: Place['rewrite']): Place['missing'] =>
  (program) => {
    if (hasShell(image)) return undefined;
    const path = program.includes('/') ? rewrite(program) : join(root, 'bin', program);
    return path !== program && existsSync(path) ? undefined : notFound(program);
  };

/** Makes a container's file system anew, as each of its runs finds it, and the environment of its processes. */
export const makePlace = async (options: PlaceOptions): Promise<Place> => {
  const { root, container, image, variables, hostName } = options;
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  const ofImage = await makeImage(root, image);
  const rewrite = rewriter([...ofImage, ...(await makeMounts(options))]);
  const searched = hasShell(image) ? `${root}/bin:${PATH}` : `${root}/bin`;
  const own = { PATH: searched, HOME: root, HOSTNAME: hostName, CONTAINER_ROOT: root };
  const given = Object.entries(variables).map(([name, value]) => [name, rewrite(value)]);
  const cwd = container.workingDir ? rewrite(container.workingDir) : root;
  if (cwd.startsWith(`${root}/`)) await mkdir(cwd, { recursive: true });
  const env = { ...own, ...image.env, ...Object.fromEntries(given) };
  return { cwd, env, rewrite, missing: missingIn(image, root, rewrite) };
};
