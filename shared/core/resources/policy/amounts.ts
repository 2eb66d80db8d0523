/**
 * Arithmetic of quantities as Go's `resource.Quantity` does it: in thousandths, cut towards zero after each
 * multiplication and division. A result has the notation of its left side, unless that is zero.
 */
import type { Quantity } from '../../revision/quantity.ts';
import { quotient, type Rational, share } from './rational.ts';

const ONE: Rational = { numerator: 1n, denominator: 1n };

/** No quantity of Kubernetes is greater, on either side of zero: more is capped, not refused. */
const GREATEST = (2n ** 63n - 1n) * 1000n;

export const ZERO: Quantity = { milli: 0n, format: 'decimal' };

/** A plain number counts as cores or bytes. */
export const quantityOf = (number: Rational): Quantity => ({
  milli: share(1000n, number),
  format: 'decimal',
});

export const opposite = ({ milli, format }: Quantity): Quantity => ({ milli: -milli, format });

export const plus = (left: Quantity, right: Quantity): Quantity => ({
  milli: left.milli + right.milli,
  format: left.milli === 0n ? right.format : left.format,
});

export const minus = (left: Quantity, right: Quantity): Quantity => plus(left, opposite(right));

export const times = ({ milli, format }: Quantity, factor: Rational): Quantity => ({
  milli: share(milli, factor),
  format,
});

/** The divisor must not be zero. */
export const over = (dividend: Quantity, divisor: Rational): Quantity =>
  times(dividend, quotient(ONE, divisor));

export const greater = (left: Quantity, right: Quantity): Quantity =>
  left.milli >= right.milli ? left : right;

export const lesser = (left: Quantity, right: Quantity): Quantity =>
  left.milli <= right.milli ? left : right;

export const capped = ({ milli, format }: Quantity): Quantity => {
  if (milli > GREATEST) return { milli: GREATEST, format };
  return { milli: milli < -GREATEST ? -GREATEST : milli, format };
};
