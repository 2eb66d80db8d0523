/** `anyOf`, `oneOf`, `allOf` and `not`. */
import { part, partsAt, type Schema } from '../schema.ts';
import { compositeFault, fails, fits, merged, type Result } from './result.ts';

type Check = (schema: Schema) => Result;

const isValid = ({ faults }: Result): boolean => faults.length === 0;

/** The first of those that fitted best. */
const bestOf = (results: Result[]): Result =>
  results.reduce((best, result) => (result.matches > best.matches ? result : best));

const anyOf = (schemas: Schema[], check: Check, path: string): Result => {
  const results = schemas.map(check);
  const valid = results.find(isValid);
  if (valid) return valid;
  return merged([
    fails(compositeFault(`"${path}" must validate at least one schema (anyOf)`)),
    bestOf(results),
  ]);
};

const oneOf = (schemas: Schema[], check: Check, path: string): Result => {
  const results = schemas.map(check);
  const valid = results.filter(isValid);
  const [only, ...others] = valid;
  if (only && others.length === 0) return only;
  const found = only ? `Found ${valid.length} valid alternatives` : 'Found none valid';
  const why = `"${path}" must validate one and only one schema (oneOf). ${found}`;
  return merged([fails(compositeFault(why)), ...(only ? [] : [bestOf(results)])]);
};

const allOf = (schemas: Schema[], check: Check, path: string): Result => {
  const results = schemas.map(check);
  if (results.every(isValid)) return merged(results);
  const end = results.some(isValid) ? '' : '. None validated';
  const why = `"${path}" must validate all the schemas (allOf)${end}`;
  return merged([...results, fails(compositeFault(why))]);
};

/** `check` validates the value against one of the schemas. */
export const checkAlternatives = (schema: Schema, check: Check, path: string): Result => {
  const [any, one, all] = ['anyOf', 'oneOf', 'allOf'].map((keyword) => partsAt(schema, keyword));
  const not = part(schema, 'not');
  return merged([
    ...(any?.length ? [anyOf(any, check, path)] : []),
    ...(one?.length ? [oneOf(one, check, path)] : []),
    ...(all?.length ? [allOf(all, check, path)] : []),
    ...(not && isValid(check(not))
      ? [fails(compositeFault(`"${path}" must not validate the schema (not)`))]
      : []),
    fits(1),
  ]);
};
