import { access, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SetupError } from '../../../infra/local/setupError.ts';
import { startProgram } from '../../cluster/controlPlane/processes.ts';
import { LINK_BITS, MACHINE_IP, MACHINE_LINK, NODE_IP } from './network.ts';

export interface Namespaces {
  /** Arguments of `nsenter` that run a command within them. */
  inside(program: string, ...args: string[]): string[];
  /** Ends every process in them; their mounts and interfaces go with the last. */
  stop(): Promise<void>;
}

const PATIENCE_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 20;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const hasLink = (): Promise<boolean> => isThere(`/sys/class/net/${MACHINE_LINK}`);

const untilLinkIsGone = async (): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (await hasLink()) {
    if (Date.now() > deadline) throw new Error(`interface ${MACHINE_LINK} stays`);
    await pause(LOOK_MILLISECONDS);
  }
};

/** The one child of a process. */
const childOf = async (pid: number): Promise<string> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim();

/**
 * Starts containerd, with the images of `directory`, in mount, process and network namespaces of the node's own. They
 * end with this process, however it ends. Rejects with a SetupError if another node runs on the machine.
 *
 * @param directory has `containerd.toml` and `images`
 */
export const startNamespaces = async (directory: string): Promise<Namespaces> => {
  if (await hasLink()) throw new SetupError(`another real node runs on this machine: it has ${MACHINE_LINK}`);
  if (Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === MACHINE_IP)))
    throw new SetupError(`address ${MACHINE_IP} is in use on this machine`);
  const script = join(import.meta.dirname, 'namespaces.sh');
  const outer = await startProgram(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['--propagation', 'private', script, directory, MACHINE_LINK, MACHINE_IP, NODE_IP, LINK_BITS],
    ],
    join(directory, 'namespaces.log'),
  );
  let first: string | undefined;
  const stop = async (): Promise<void> => {
    // unshare waits for its child, whatever it is sent.
    if (first !== undefined && (await isThere(`/proc/${first}`))) process.kill(Number(first), 'SIGKILL');
    first = undefined;
    await outer.stop();
    await untilLinkIsGone();
  };
  try {
    await outer.until(async () => (await childOf(outer.pid)) !== '');
    first = await childOf(outer.pid);
    await outer.until(() => isThere(join(directory, 'ready')));
    const target = ['--target', first, '--mount', '--pid', '--net'];
    return { inside: (program, ...args) => [...target, program, ...args], stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
};
