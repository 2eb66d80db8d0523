/** The node's own branch in each of the machine's cgroup hierarchies: a kubelet makes its Pods' below it, not itself. */
import { copyFile, mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const NAME = 'sidecarset-node';
/** As the kubelet's configuration names it. */
export const CGROUP_ROOT = `/${NAME}`;

const PATIENCE_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 50;

/** Mount points of version 1 and of version 2. */
const hierarchies = async (): Promise<string[]> => {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  return mounts.flatMap(([, place, type]) => (place && /^cgroup2?$/.test(type ?? '') ? [place] : []));
};

const branches = async (): Promise<string[]> => (await hierarchies()).map((place) => join(place, NAME));

/** A new cpuset of version 1 has no CPUs and no memory, and takes no process. */
const CPUSET = ['cpuset.cpus', 'cpuset.mems'];

export const createCgroups = async (): Promise<void> => {
  for (const branch of await branches()) {
    await mkdir(branch, { recursive: true });
    if (!branch.endsWith(`cpuset/${NAME}`)) continue;
    for (const file of CPUSET) await copyFile(join(branch, '..', file), join(branch, file));
  }
};

const removeTree = async (directory: string): Promise<void> => {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(directory, entry.name));
  await rmdir(directory);
};

const isGone = (fault: unknown): boolean => (fault as NodeJS.ErrnoException).code === 'ENOENT';

/** Waits for the processes in them to be gone; rejects if some stay. */
export const removeCgroups = async (): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (const branch of await branches()) {
    for (;;) {
      const fault = await removeTree(branch).then(
        () => undefined,
        (cause: unknown) => cause,
      );
      if (fault === undefined || isGone(fault)) break;
      if (Date.now() > deadline) throw fault;
      await pause(LOOK_MILLISECONDS);
    }
  }
};

/** Those of the node that are there. */
export const cgroupsLeft = async (): Promise<string[]> => {
  const found = await Promise.allSettled(
    (await branches()).map((branch) => readdir(branch).then(() => branch)),
  );
  return found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
};
