/** Programs built from a Go module of these tests, kept in the user's cache until something changes that they depend on. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, constants, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from '../../../infra/local/setupError.ts';

export interface GoModule<Program extends string> {
  /** Has go.mod, go.sum and a directory with main.go for each program. */
  directory: string;
  programs: readonly Program[];
  /** Directory of the cache that holds it. */
  name: string;
  /** Said before a build: what it is and how long it takes. */
  notice: string;
}

/** Of k8s.io/kubernetes in go.mod; its placeholder must be replaced when it is linked. */
export const KUBERNETES_VERSION = 'v1.34.4';

const LINKER_FLAGS = [
  '-s -w',
  ...['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) =>
    Object.entries({
      gitVersion: KUBERNETES_VERSION,
      gitMajor: '1',
      gitMinor: KUBERNETES_VERSION.split('.')[1],
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

export const missingIn = async <Program extends string>(
  directory: string,
  programs: readonly Program[],
): Promise<Program[]> => {
  const found = await Promise.all(programs.map((program) => isExecutable(join(directory, program))));
  return programs.filter((_, index) => !found[index]);
};

const goVersion = async (): Promise<string | undefined> => {
  try {
    return (await promisify(execFile)('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'])).stdout;
  } catch {
    return undefined;
  }
};

/** A directory that changes with whatever the build depends on. */
const cacheDirectory = async (module: GoModule<string>, go: string): Promise<string> => {
  const digest = createHash('sha256').update(LINKER_FLAGS).update(go);
  const sources = ['go.mod', 'go.sum', ...module.programs.map((program) => `${program}/main.go`)];
  for (const file of sources) digest.update(await readFile(join(module.directory, file)));
  const root = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(root, 'sidecarset-serverless', module.name, digest.digest('hex').slice(0, 16));
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
const build = async (module: GoModule<string>, cache: string): Promise<void> => {
  console.error(`building ${module.notice} into ${cache}`);
  await mkdir(dirname(cache), { recursive: true });
  const target = await mkdtemp(`${cache}.`);
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', LINKER_FLAGS, '-o', target];
  const packages = module.programs.map((program) => `./${program}`);
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'local' };
  try {
    await run('go', ['build', ...flags, ...packages], module.directory, env);
    await rename(target, cache);
  } catch (fault) {
    if ((await missingIn(cache, module.programs)).length > 0) throw fault;
  } finally {
    await rm(target, { recursive: true, force: true });
  }
};

/** Paths of the module's programs. Rejects with a SetupError if they must be built and there is no Go. */
export const goPrograms = async <Program extends string>(
  module: GoModule<Program>,
): Promise<Record<Program, string>> => {
  const go = await goVersion();
  if (go === undefined) throw new SetupError(`go is not on the PATH to build ${module.programs.join(', ')}`);
  const cache = await cacheDirectory(module, go);
  if ((await missingIn(cache, module.programs)).length > 0) await build(module, cache);
  return Object.fromEntries(module.programs.map((program) => [program, join(cache, program)])) as Record<
    Program,
    string
  >;
};
