/** Exact fractions: the plain numbers of an expression. */
export interface Rational {
  numerator: bigint;
  /** Above zero. */
  denominator: bigint;
}

const ratio = (numerator: bigint, denominator: bigint): Rational =>
  denominator < 0n ? { numerator: -numerator, denominator: -denominator } : { numerator, denominator };

/** `digits * 10 ** exponent`. */
export const decimal = (digits: bigint, exponent: number): Rational => {
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? ratio(digits, power) : ratio(digits * power, 1n);
};

export const negated = ({ numerator, denominator }: Rational): Rational => ratio(-numerator, denominator);

export const sum = (left: Rational, right: Rational): Rational =>
  ratio(
    left.numerator * right.denominator + right.numerator * left.denominator,
    left.denominator * right.denominator,
  );

export const product = (left: Rational, right: Rational): Rational =>
  ratio(left.numerator * right.numerator, left.denominator * right.denominator);

/** The divisor must not be zero. */
export const quotient = (left: Rational, right: Rational): Rational =>
  ratio(left.numerator * right.denominator, left.denominator * right.numerator);

export const isLess = (left: Rational, right: Rational): boolean =>
  left.numerator * right.denominator < right.numerator * left.denominator;

/** `whole * fraction`, cut towards zero. */
export const share = (whole: bigint, { numerator, denominator }: Rational): bigint =>
  (whole * numerator) / denominator;
