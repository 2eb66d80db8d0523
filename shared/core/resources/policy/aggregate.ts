import type { StatusCause } from '../../../model/kubernetes.ts';
import { parseQuantity, type Quantity } from '../../revision/quantity.ts';
import { invalid } from '../../validation/cause.ts';
import { greater, plus, ZERO } from './amounts.ts';
import type { Written } from './expressions.ts';
import type { Target } from './targets.ts';

export type Aggregate =
  /** `value` is undefined where a target has no limit: so has the whole. */
  { kind: 'aggregate'; value: Quantity | undefined } | { kind: 'refused'; causes: StatusCause[] };

type Wanted = Pick<Written, 'list' | 'resource'>;

/** What the targets have of one resource, summed up or the most; a missing request is 0. */
export const aggregate = (targets: Target[], mode: string, { list, resource }: Wanted): Aggregate => {
  const written = targets.map(({ container }) => container.resources?.[list]?.[resource]);
  if (list === 'limits' && written.includes(undefined)) return { kind: 'aggregate', value: undefined };
  const values: Quantity[] = [];
  for (const [index, text] of written.entries()) {
    const value = text === undefined ? ZERO : parseQuantity(text);
    if (value === undefined) {
      const field = `${targets[index]?.field}.resources.${list}.${resource}`;
      return { kind: 'refused', causes: [invalid(field, `${JSON.stringify(text)} is not a quantity`)] };
    }
    values.push(value);
  }
  return { kind: 'aggregate', value: values.reduce(mode === 'max' ? greater : plus, ZERO) };
};
