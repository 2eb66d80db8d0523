import type { Quantity } from '../../revision/quantity.ts';
import type { Compiled, Variable } from './expression.ts';

const doubling = (first: bigint, count: number, format: Quantity['format']): Quantity[] => [
  { milli: 0n, format },
  ...Array.from({ length: count }, (_, power) => ({ milli: first << BigInt(power), format })),
];

/** From nothing in doublings: 1m to some billion cores, one byte to 4Ei. */
const SAMPLES: Record<Variable, Quantity[]> = {
  cpu: doubling(1n, 43, 'decimal'),
  memory: doubling(1000n, 63, 'binary'),
};

interface Sign {
  /** The least tried value of the variable for which the result is below zero, if there is one. */
  negativeAt: Quantity | undefined;
  /** So it is for every value tried that is above zero. */
  always: boolean;
}

/** Where an expression gives less than nothing: on such a Pod it would be refused. */
export const signOf = ({ evaluate }: Compiled, variable: Variable): Sign => {
  const isNegative = (value: Quantity): boolean => evaluate(value).milli < 0n;
  const samples = SAMPLES[variable];
  return { negativeAt: samples.find(isNegative), always: samples.slice(1).every(isNegative) };
};
