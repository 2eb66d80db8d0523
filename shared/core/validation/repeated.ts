import type { StatusCause } from '../../model/kubernetes.ts';
import { duplicate } from './cause.ts';

/** Each value that came before, at the field of its repetition. */
export const repeated = (values: (string | undefined)[], fieldOf: (index: number) => string): StatusCause[] =>
  values.flatMap((value, index) =>
    value && values.indexOf(value) < index ? [duplicate(fieldOf(index), JSON.stringify(value))] : [],
  );
