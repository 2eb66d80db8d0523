/** Where kube-apiserver, kube-controller-manager and etcd come from: given ones, a cache, or a build of their Go modules. */
import { join } from 'node:path';
import { SetupError } from '../../../infra/local/setupError.ts';
import { goPrograms, missingIn } from './goPrograms.ts';

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const;

/** Path of each program. */
export type Binaries = Record<(typeof PROGRAMS)[number], string>;

/**
 * The programs of `KUBEBUILDER_ASSETS` (envtest's convention) where it has them, else those of the cache, built if need
 * be. Rejects with a sentence that says what is missing.
 */
export const findBinaries = async (): Promise<Binaries> => {
  const given = process.env['KUBEBUILDER_ASSETS'];
  const missing = given ? await missingIn(given, PROGRAMS) : [...PROGRAMS];
  const paths = Object.fromEntries(
    PROGRAMS.map((program) => [program, join(given ?? '', program)]),
  ) as Binaries;
  if (missing.length === 0) return paths;
  const built = await goPrograms({
    directory: import.meta.dirname,
    programs: PROGRAMS,
    name: 'control-plane',
    notice: 'the control plane (about ten minutes on two cores)',
  }).catch((cause: unknown) => {
    if (!(cause instanceof SetupError)) throw cause;
    const where = `not found in KUBEBUILDER_ASSETS (${given ?? 'not set'})`;
    throw new SetupError(`${missing.join(', ')}: ${where}, and ${cause.message}`, { cause });
  });
  for (const program of missing) paths[program] = built[program];
  return paths;
};
