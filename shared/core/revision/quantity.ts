/** Kubernetes quantities (`resource.Quantity`): reading, rounding, canonical text. */

export type Format = 'decimal' | 'binary' | 'exponent';

/** An exact amount in thousandths, and the notation in which it is written. */
export interface Quantity {
  milli: bigint;
  format: Format;
}

interface Suffix {
  format: Format;
  /** A power of 10, or of 2 for `binary`. */
  exponent: number;
}

interface Parts {
  negative: boolean;
  /** Digits before the point without leading zeros; `0` if none are left. */
  whole: string;
  fraction: string;
  suffix: Suffix;
}

/** `value * 10 ** scale`. */
interface Amount {
  value: bigint;
  scale: number;
}

const QUANTITY = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[+-]?\d*)$/;
const DECIMAL = new Map(
  ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((unit, at) => [unit, at * 3 - 9]),
);
const BINARY = new Map(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((unit, at) => [unit, at * 10 + 10]));

/** Far beyond what any node has; keeps the arithmetic small. */
const MAX_EXPONENT = 99;
const MAX_INT64 = 2n ** 63n - 1n;
const NANO = -9;
const MILLI = -3;

const readSuffix = (unit: string): Suffix | undefined => {
  const decimal = DECIMAL.get(unit);
  if (decimal !== undefined) return { format: 'decimal', exponent: decimal };
  const binary = BINARY.get(unit);
  if (binary !== undefined) return { format: 'binary', exponent: binary };
  const exponent = /^[eE]([+-]?\d+)$/.exec(unit)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > MAX_EXPONENT) return undefined;
  return { format: 'exponent', exponent: Number(exponent) };
};

const read = (text: string): Parts | undefined => {
  const match = QUANTITY.exec(text);
  const suffix = readSuffix(match?.[4] ?? '-');
  if (match === null || suffix === undefined) return undefined;
  const whole = (match[2] ?? '').replace(/^0+/, '') || '0';
  return { negative: match[1] === '-', whole, fraction: match[3] ?? '', suffix };
};

/** Go takes such a text for canonical already and never rewrites it, even where it is not (`+1`, `0100m`, `1e0`). */
const staysAsWritten = ({ whole, fraction, suffix }: Parts): boolean => {
  if (suffix.format === 'binary') {
    const precision = 14 - whole.length - Math.trunc((suffix.exponent * 3) / 10);
    return fraction === '' && precision >= 0 && BigInt(whole) % 8n !== 0n;
  }
  const digits = whole + fraction;
  const scale = suffix.exponent - fraction.length;
  return digits.length <= 18 && scale >= MILLI && scale % 3 === 0 && !/^0|000$/.test(digits);
};

const power = (base: bigint, exponent: number): bigint => base ** BigInt(exponent);

/** Away from zero, as `RoundUp` does: a tiny request stays a request. */
const roundUp = ({ value, scale }: Amount, to: number): Amount => {
  if (scale >= to) return { value, scale };
  const divisor = power(10n, to - scale);
  return { value: (value + divisor - 1n) / divisor, scale: to };
};

const amount = ({ whole, fraction, suffix }: Parts): Amount => {
  const digits = BigInt(whole + fraction);
  if (suffix.format !== 'binary') return { value: digits, scale: suffix.exponent - fraction.length };
  const exact = roundUp({ value: digits * power(2n, suffix.exponent), scale: -fraction.length }, NANO);
  return exact.value > MAX_INT64 * power(10n, -exact.scale) ? { value: MAX_INT64, scale: 0 } : exact;
};

const decimalText = ({ value, scale }: Amount, format: Format): string => {
  let mantissa = value;
  let exponent = scale;
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    exponent += 1;
  }
  const excess = ((exponent % 3) + 3) % 3;
  const number = mantissa * power(10n, excess);
  const unit = [...DECIMAL].find(([, power10]) => power10 === exponent - excess)?.[0];
  if (format === 'exponent' || unit === undefined)
    return exponent === excess ? `${number}` : `${number}e${exponent - excess}`;
  return `${number}${unit}`;
};

const binaryText = (value: bigint): string => {
  let mantissa = value;
  let exponent = 0;
  while (mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    exponent += 10;
  }
  const unit = [...BINARY].find(([, power2]) => power2 === exponent)?.[0] ?? '';
  return `${mantissa}${unit}`;
};

/** The integer that an amount is, if it is one and big enough to be written with a binary suffix. */
const binaryInteger = ({ value, scale }: Amount): bigint | undefined => {
  const unit = power(10n, Math.abs(scale));
  if (scale < 0 && value % unit !== 0n) return undefined;
  const integer = scale < 0 ? value / unit : value * unit;
  return integer >= 1024n ? integer : undefined;
};

/** Reads a quantity; what is finer than milli is rounded up (away from zero), as the API server does. `undefined`: it is none. */
export const parseQuantity = (text: string): Quantity | undefined => {
  const parts = read(text);
  if (parts === undefined) return undefined;
  const { value, scale } = roundUp(amount(parts), MILLI);
  const milli = value * power(10n, scale - MILLI);
  return { milli: parts.negative ? -milli : milli, format: parts.suffix.format };
};

/** The canonical text of `resource.Quantity`: `536870912` in binary notation is `512Mi`, with half a byte more `536870912500m`. */
export const formatQuantity = ({ milli, format }: Quantity): string => {
  if (milli === 0n) return '0';
  const magnitude = { value: milli < 0n ? -milli : milli, scale: MILLI };
  const integer = format === 'binary' ? binaryInteger(magnitude) : undefined;
  const text = integer === undefined ? decimalText(magnitude, format) : binaryText(integer);
  return milli < 0n ? `-${text}` : text;
};

/**
 * The text under which Go's `Quantity` is written again after it was read and rounded up to milli, as OpenKruise does
 * before it hashes: `1024Mi` gives `1Gi`, `0.5` gives `500m`, `100u` gives `1m`. `undefined`: not a quantity.
 */
export const canonicalQuantity = (text: string): string | undefined => {
  const parts = read(text);
  const quantity = parseQuantity(text);
  if (parts === undefined || quantity === undefined) return undefined;
  return staysAsWritten(parts) ? text : formatQuantity(quantity);
};

const signed = (text: string): Amount | undefined => {
  const parts = read(text);
  if (parts === undefined) return undefined;
  const { value, scale } = amount(parts);
  return { value: parts.negative ? -value : value, scale };
};

/** Below zero if the left one is smaller, above if it is greater; `undefined` if one of them is no quantity. */
export const compareQuantities = (left: string, right: string): number | undefined => {
  const [one, other] = [signed(left), signed(right)];
  if (one === undefined || other === undefined) return undefined;
  const scale = Math.min(one.scale, other.scale);
  const aligned = ({ value, scale: own }: Amount): bigint => value * power(10n, own - scale);
  const difference = aligned(one) - aligned(other);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
};
