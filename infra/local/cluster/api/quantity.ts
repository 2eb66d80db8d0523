/** Amounts of resources (`resource.Quantity`), as far as they are checked and compared here; they are kept as written. */

/** `value * 10 ** scale`. */
interface Amount {
  value: bigint;
  scale: number;
}

const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const DECIMAL = new Map(
  ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((unit, at) => [unit, at * 3 - 9]),
);
const BINARY = new Map(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((unit, at) => [unit, BigInt(at + 1) * 10n]));

/** Far beyond what any node has; keeps the arithmetic small. */
const MAX_EXPONENT = 99;

const NO_FORMAT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NO_SUFFIX = "unable to parse quantity's suffix";

const unitOf = (suffix: string): Amount | undefined => {
  const [decimal, binary] = [DECIMAL.get(suffix), BINARY.get(suffix)];
  if (decimal !== undefined) return { value: 1n, scale: decimal };
  if (binary !== undefined) return { value: 2n ** binary, scale: 0 };
  const exponent = Number(/^[eE]([+-]?\d+)$/.exec(suffix)?.[1] ?? Number.NaN);
  return Math.abs(exponent) <= MAX_EXPONENT ? { value: 1n, scale: exponent } : undefined;
};

const read = (quantity: unknown): Amount | undefined => {
  const [text, sign, whole = '', fraction = '', suffix = ''] = QUANTITY.exec(String(quantity)) ?? [];
  const unit = unitOf(suffix);
  if (!text || !unit) return undefined;
  const digits = BigInt(`${whole}${fraction}` || '0') * unit.value;
  return { value: sign === '-' ? -digits : digits, scale: unit.scale - fraction.length };
};

/** Why it is none, in the words of Kubernetes. A number counts as its text. */
export const quantityFault = (quantity: unknown): string | undefined => {
  const isText = typeof quantity === 'string' || typeof quantity === 'number';
  if (!isText || quantity === '' || !QUANTITY.test(String(quantity))) return NO_FORMAT;
  return read(quantity) ? undefined : NO_SUFFIX;
};

/** Below zero if the left one is smaller, above if it is greater; what is no quantity counts as 0. */
export const compareQuantities = (left: unknown, right: unknown): number => {
  const nothing: Amount = { value: 0n, scale: 0 };
  const [one, other] = [read(left) ?? nothing, read(right) ?? nothing];
  const scale = Math.min(one.scale, other.scale);
  const aligned = (amount: Amount): bigint => amount.value * 10n ** BigInt(amount.scale - scale);
  const difference = aligned(one) - aligned(other);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
};
