/** Chance that repeats itself. */
import { seeded } from '../../support/seeded.ts';

export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** Takes one out of the list. */
  take<T>(list: T[]): T;
}

/** The same numbers for the same seed. */
export const createRandom = (seed: number): Random => {
  const next = seeded(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    take: (list) => {
      const [taken] = list.splice(below(list.length), 1);
      if (taken === undefined) throw new Error('the list is empty');
      return taken;
    },
  };
};
