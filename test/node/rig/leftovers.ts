/** What a node could leave behind on its machine. */
import { access, readdir, readFile, readlink } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { cgroupsLeft } from './cgroups.ts';

export interface Traces {
  mounts: string[];
  cgroups: string[];
  /** In other mount namespaces than this process, and those that name the directory. */
  processes: string[];
  interfaces: string[];
  addresses: string[];
  directories: string[];
  settings: string[];
}

/** What containerd, a kubelet and network plugins are used to write to. */
const PLACES = [
  ...['/run/containerd', '/run/netns', '/run/mount', '/run/xtables.lock', '/etc/cni', '/var/lib/cni'],
  ...['/var/lib/kubelet', '/var/lib/containerd', '/var/log/pods', '/var/log/containers'],
];
/** What a kubelet writes to. */
const SETTINGS = ['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops'].concat([
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
  'net/ipv4/ip_forward',
]);

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const linesOf = async (path: string): Promise<string[]> =>
  (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');

/** Of a process that is gone meanwhile: nothing. */
const orNothing = (text: Promise<string>): Promise<string> => text.catch(() => '');

const processesOf = async (directory: string | undefined): Promise<string[]> => {
  const own = await readlink('/proc/self/ns/mnt');
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    numbers.map(async (number) => {
      const command = (await orNothing(readFile(`/proc/${number}/cmdline`, 'utf8'))).replaceAll('\0', ' ');
      const namespace = await orNothing(readlink(`/proc/${number}/ns/mnt`));
      const isOther = namespace !== '' && namespace !== own;
      return isOther || (directory && command.includes(directory)) ? [`${number} ${command}`] : [];
    }),
  );
  return found.flat();
};

const present = async (places: string[]): Promise<string[]> => {
  const found = await Promise.all(places.map(isThere));
  return places.filter((_, index) => found[index]);
};

/** @param directory of the node, once it has one */
export const lookForTraces = async (directory?: string): Promise<Traces> => ({
  mounts: await linesOf('/proc/self/mounts'),
  cgroups: await cgroupsLeft(),
  processes: await processesOf(directory),
  interfaces: await readdir('/sys/class/net'),
  addresses: Object.values(networkInterfaces()).flatMap(
    (list) => list?.map(({ cidr }) => String(cidr)) ?? [],
  ),
  directories: await present([...PLACES, ...(directory ? [directory] : [])]),
  settings: await Promise.all(
    SETTINGS.map(async (name) => `${name} ${(await readFile(`/proc/sys/${name}`, 'utf8')).trim()}`),
  ),
});

/** What is there after a node has run, and was not before. */
export const leftBehind = (before: Traces, after: Traces): Traces =>
  Object.fromEntries(
    (Object.keys(after) as (keyof Traces)[]).map((kind) => [
      kind,
      after[kind].filter((each) => !before[kind].includes(each)),
    ]),
  ) as unknown as Traces;
