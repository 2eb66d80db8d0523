/** Stands between a run and its cluster, at every one of its calls. */
import { type Cluster, ClusterError } from '../../../shared/io/ports.ts';
import { seeded } from '../../support/seeded.ts';

export type Through = (cluster: Cluster) => Cluster;

/** What becomes of a call; `perform` has it done. */
type Around = (perform: () => Promise<unknown>, method: string) => Promise<unknown>;

const METHODS = ['get', 'create', 'patch', 'exec'] as const;

export const throughAll =
  (around: Around): Through =>
  (cluster) => ({
    ...cluster,
    ...Object.fromEntries(
      METHODS.map((name) => {
        const method = cluster[name] as (...args: unknown[]) => Promise<unknown>;
        return [name, (...args: unknown[]) => around(() => method(...args), name)];
      }),
    ),
  });

export interface Broken {
  through: Through;
  /** The call was made. */
  met(): boolean;
}

/** A process is killed at the call of that number (from 0) of all its runs, before or after the call has taken effect. */
export const killedAt = (number: number, when: 'before' | 'after'): Broken => {
  let calls = 0;
  const gone = () => new Error('the process is gone');
  const through: Through = (cluster) => {
    let isDead = false;
    const around: Around = async (perform) => {
      if (isDead) throw gone();
      if (calls++ !== number) return perform();
      isDead = true;
      if (when === 'after') await perform().catch(() => undefined);
      throw gone();
    };
    return throughAll(around)(cluster);
  };
  return { through, met: () => calls > number };
};

/**
 * The call of that number (from 0) is answered by that fault; it may have taken effect all the same. A command that the
 * API server does not let through was not run.
 */
export const faultAt = (number: number, code: number, when: 'before' | 'after'): Broken => {
  let calls = 0;
  let isMet = false;
  const through = throughAll(async (perform, method) => {
    if (calls++ !== number) return perform();
    isMet = true;
    if (when === 'after' && method !== 'exec') await perform().catch(() => undefined);
    throw new ClusterError(code, '', 'the API server does not answer');
  });
  return { through, met: () => isMet };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs two beside each other, call by call, in an order that follows from the seed. */
export const interleaved = async (
  runs: [(through: Through) => Promise<unknown>, (through: Through) => Promise<unknown>],
  seed: number,
): Promise<void> => {
  const random = seeded(seed);
  const waiting = new Map<number, () => void>();
  let left = runs.length;
  const started = runs.map(async (run, index) => {
    const turn = () => new Promise<void>((resolve) => waiting.set(index, resolve));
    await run(throughAll(async (perform) => turn().then(perform))).finally(() => {
      left -= 1;
    });
  });
  while (left > 0) {
    await settled();
    const wanted = random() < 0.5 ? 0 : 1;
    const chosen = waiting.has(wanted) ? wanted : 1 - wanted;
    const go = waiting.get(chosen);
    waiting.delete(chosen);
    go?.();
  }
  await Promise.all(started);
};
