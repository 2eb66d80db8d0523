/** Where kube-apiserver, kube-controller-manager and etcd come from: given ones, a cache, or a build of their Go modules. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, constants, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from '../../../infra/local/setupError.ts';

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const;
type Program = (typeof PROGRAMS)[number];

/** Path of each program. */
export type Binaries = Record<Program, string>;

/** Of k8s.io/kubernetes in go.mod; its placeholder must be replaced when it is linked. */
const VERSION = 'v1.34.4';
const SOURCES = ['go.mod', 'go.sum', ...PROGRAMS.map((program) => `${program}/main.go`)];

const LINKER_FLAGS = [
  '-s -w',
  ...['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) =>
    Object.entries({
      gitVersion: VERSION,
      gitMajor: '1',
      gitMinor: VERSION.split('.')[1],
      gitCommit: 'none',
      gitTreeState: 'clean',
      buildDate: '1970-01-01T00:00:00Z',
    }).map(([name, value]) => `-X ${path}.${name}=${value}`),
  ),
].join(' ');

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const missingIn = async (directory: string): Promise<Program[]> => {
  const found = await Promise.all(PROGRAMS.map((program) => isExecutable(join(directory, program))));
  return PROGRAMS.filter((_, index) => !found[index]);
};

const goVersion = async (): Promise<string | undefined> => {
  try {
    return (await promisify(execFile)('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'])).stdout;
  } catch {
    return undefined;
  }
};

/** A directory that changes with whatever the build depends on. */
const cacheDirectory = async (go: string): Promise<string> => {
  const digest = createHash('sha256').update(LINKER_FLAGS).update(go);
  for (const file of SOURCES) digest.update(await readFile(join(import.meta.dirname, file)));
  const root = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(root, 'sidecarset-serverless', 'control-plane', digest.digest('hex').slice(0, 16));
};

const run = (command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0]}: ${signal ?? `exit code ${code}`}`)),
    );
  });

/** Builds beside the cache and renames: whoever else builds at the same time gets a whole directory too. */
const build = async (cache: string): Promise<void> => {
  console.error(`building the control plane into ${cache}: about ten minutes on two cores`);
  await mkdir(dirname(cache), { recursive: true });
  const target = await mkdtemp(`${cache}.`);
  try {
    const packages = PROGRAMS.map((program) => `./${program}`);
    await run(
      'go',
      [
        'build',
        '-mod=readonly',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags',
        LINKER_FLAGS,
        '-o',
        target,
        ...packages,
      ],
      import.meta.dirname,
      { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'local' },
    );
    await rename(target, cache);
  } catch (fault) {
    if ((await missingIn(cache)).length > 0) throw fault;
  } finally {
    await rm(target, { recursive: true, force: true });
  }
};

/**
 * The programs of `KUBEBUILDER_ASSETS` (envtest's convention) where it has them, else those of the cache, built if need
 * be. Rejects with a sentence that says what is missing.
 */
export const findBinaries = async (): Promise<Binaries> => {
  const given = process.env['KUBEBUILDER_ASSETS'];
  const missing = given ? await missingIn(given) : [...PROGRAMS];
  const paths = Object.fromEntries(
    PROGRAMS.map((program) => [program, join(given ?? '', program)]),
  ) as Binaries;
  if (missing.length === 0) return paths;
  const go = await goVersion();
  if (go === undefined) {
    throw new SetupError(
      `${missing.join(', ')}: not found in KUBEBUILDER_ASSETS (${given ?? 'not set'}), and go is not on the PATH to build them`,
    );
  }
  const cache = await cacheDirectory(go);
  if ((await missingIn(cache)).length > 0) await build(cache);
  for (const program of missing) paths[program] = join(cache, program);
  return paths;
};
