/** What a real node needs of the machine that it runs on. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { SetupError } from '../../../infra/local/setupError.ts';

export const CNI_DIRECTORY = '/usr/lib/cni';
export const BUSYBOX = '/bin/busybox';

/** Programs by the Debian package that has them. */
const PACKAGES: Record<string, string[]> = {
  containerd: ['containerd', 'ctr', 'containerd-shim-runc-v2'],
  runc: ['runc'],
  'containernetworking-plugins': ['bridge', 'host-local', 'loopback'].map((name) =>
    join(CNI_DIRECTORY, name),
  ),
  'busybox-static': [BUSYBOX],
  iproute2: ['ip'],
  mount: ['mount'],
  'util-linux': ['unshare', 'nsenter', 'setpriv'],
  tar: ['tar'],
};

const isThere = async (program: string, path: string): Promise<boolean> => {
  const places = program.startsWith('/')
    ? [program]
    : path.split(delimiter).map((directory) => join(directory, program));
  const found = await Promise.allSettled(places.map((path) => access(path, constants.X_OK)));
  return found.some(({ status }) => status === 'fulfilled');
};

const absentOf = async (programs: string[], path: string): Promise<string[]> => {
  const found = await Promise.all(programs.map((program) => isThere(program, path)));
  return programs.filter((_, index) => !found[index]);
};

const missingPackages = async (path: string): Promise<string[]> => {
  const missing: string[] = [];
  for (const [name, programs] of Object.entries(PACKAGES)) {
    const absent = await absentOf(programs, path);
    if (absent.length > 0) missing.push(`${name} (${absent.join(', ')})`);
  }
  return missing;
};

export interface Machine {
  platform: string;
  /** 0 is root. */
  user: number | undefined;
  /** The variable PATH. */
  path: string;
}

export const thisMachine = (): Machine => ({
  platform: process.platform,
  user: process.getuid?.(),
  path: process.env['PATH'] ?? '',
});

/** Rejects with a SetupError that names all that is missing. */
export const requireMachine = async ({ platform, user, path }: Machine): Promise<void> => {
  if (platform !== 'linux') throw new SetupError(`a real node needs Linux, this is ${platform}`);
  const packages = await missingPackages(path);
  const sentences = [
    ...(user === 0 ? [] : ['it must be run as root']),
    ...(packages.length === 0
      ? []
      : [`Debian packages are missing, or not on the PATH: ${packages.join(', ')}`]),
    ...(await absentOf(['kubectl'], path)).map(() => 'kubectl is not on the PATH'),
  ];
  if (sentences.length > 0) throw new SetupError(`a real node can't be started: ${sentences.join('; ')}`);
};
