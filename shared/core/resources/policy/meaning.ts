/**
 * What an expression means. A plain number never depends on the variable, so it is computed at once; a quantity is a
 * function of the variable that can't fail. All that can go wrong is therefore found before there is a Pod.
 */
import type { Quantity } from '../../revision/quantity.ts';
import { greater, lesser, minus, opposite, over, plus, quantityOf, times } from './amounts.ts';
import type { Expression, Operator } from './parse.ts';
import { isLess, negated, product, quotient, type Rational, sum } from './rational.ts';
import { type Malformed, malformed } from './tokens.ts';

type Amount = (variable: Quantity) => Quantity;
interface PlainNumber {
  kind: 'number';
  value: Rational;
}
type Known = PlainNumber | { kind: 'quantity'; of: Amount };
type Meaning = Known | Malformed;

const numeric = (value: Rational): Known => ({ kind: 'number', value });
const amount = (of: Amount): Known => ({ kind: 'quantity', of });

/** The amount that a value is; a plain number counts as cores or bytes. */
export const amountOf = (known: Known): Amount => {
  if (known.kind === 'quantity') return known.of;
  const constant = quantityOf(known.value);
  return () => constant;
};

interface Rule {
  numbers: (left: Rational, right: Rational) => Rational;
  quantities: (left: Quantity, right: Quantity) => Quantity;
}

/** Operations between likes; a number is made a quantity if the other side is one. */
const likes =
  ({ numbers, quantities }: Rule) =>
  (left: Known, right: Known): Known => {
    if (left.kind === 'number' && right.kind === 'number') return numeric(numbers(left.value, right.value));
    const [first, second] = [amountOf(left), amountOf(right)];
    return amount((variable) => quantities(first(variable), second(variable)));
  };

const scaled = (of: Amount, factor: Rational): Known => amount((variable) => times(of(variable), factor));

const multiplied = (left: Known, right: Known): Meaning => {
  if (right.kind === 'number')
    return left.kind === 'number' ? numeric(product(left.value, right.value)) : scaled(left.of, right.value);
  if (left.kind === 'number') return scaled(right.of, left.value);
  return malformed('a quantity can not be multiplied by a quantity');
};

const divided = (left: Known, right: Known): Meaning => {
  if (right.kind === 'quantity') return malformed('nothing can be divided by a quantity');
  const divisor = right.value;
  if (divisor.numerator === 0n) return malformed('division by zero');
  if (left.kind === 'number') return numeric(quotient(left.value, divisor));
  return amount((variable) => over(left.of(variable), divisor));
};

const OPERATORS: Record<Operator, (left: Known, right: Known) => Meaning> = {
  '+': likes({ numbers: sum, quantities: plus }),
  '-': likes({ numbers: (left, right) => sum(left, negated(right)), quantities: minus }),
  '*': multiplied,
  '/': divided,
};

const FUNCTIONS = new Map([
  ['max', likes({ numbers: (left, right) => (isLess(left, right) ? right : left), quantities: greater })],
  ['min', likes({ numbers: (left, right) => (isLess(right, left) ? right : left), quantities: lesser })],
]);

type Combine = (left: Known, right: Known) => Meaning;

const both = (left: Meaning, right: Meaning, combine: Combine): Meaning => {
  if (left.kind === 'malformed') return left;
  return right.kind === 'malformed' ? right : combine(left, right);
};

const called = (name: string, args: Meaning[]): Meaning => {
  const combine = FUNCTIONS.get(name);
  if (combine === undefined) return malformed(`${name} is not a function: there are max and min`);
  const [left, right] = args;
  if (args.length !== 2 || left === undefined || right === undefined)
    return malformed(`${name} takes 2 arguments, not ${args.length}`);
  return both(left, right, combine);
};

const opposed = (of: Meaning): Meaning => {
  if (of.kind === 'malformed') return of;
  return of.kind === 'number' ? numeric(negated(of.value)) : amount((variable) => opposite(of.of(variable)));
};

/** The type of the expression and how to compute it. `variable` is the only name that it may use. */
export const meaningOf = (expression: Expression, variable: string): Meaning => {
  const within = (inner: Expression): Meaning => meaningOf(inner, variable);
  switch (expression.kind) {
    case 'number':
      return numeric(expression.value);
    case 'quantity':
      return amount(() => expression.value);
    case 'name':
      return expression.name === variable
        ? amount((value) => value)
        : malformed(`${expression.name} is not known here: the only name is ${variable}`);
    case 'negative':
      return opposed(within(expression.of));
    case 'call':
      return called(expression.name, expression.args.map(within));
    case 'operation':
      return both(within(expression.left), within(expression.right), OPERATORS[expression.operator]);
  }
};
