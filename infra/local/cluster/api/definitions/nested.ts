/** Schemas under anyOf, oneOf, allOf and not: they validate, and specify nothing that the schema around them does not. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { forbiddenField, required } from '../errors.ts';
import { isObject, own } from '../json.ts';
import {
  EMBEDDED,
  INT_OR_STRING,
  LIST_MAP_KEYS,
  LIST_TYPE,
  PRESERVE,
  part,
  partsAt,
  propertyOf,
  type Schema,
} from '../structural/schema.ts';

const FORBIDDEN: [string, string][] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  [PRESERVE, 'must be false to be structural'],
  [EMBEDDED, 'must be false to be structural'],
  [INT_OR_STRING, 'must be false to be structural'],
  [LIST_MAP_KEYS, 'must be empty to be structural'],
  [LIST_TYPE, 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);

const forbidden = (schema: Schema, field: string): StatusCause[] => [
  ...FORBIDDEN.filter(([keyword]) => !isEmpty(own(schema, keyword))).map(([keyword, why]) =>
    forbiddenField(`${field}.${keyword}`, why),
  ),
  ...(propertyOf(schema, 'metadata')
    ? [forbiddenField(`${field}.properties[metadata]`, 'must not be specified in a nested context')]
    : []),
];

/**
 * @param around the schema that must specify whatever this one validates; undefined if it does not
 * @param place where that one is
 */
export const nestedCauses = (
  schema: Schema,
  around: Schema | undefined,
  place: string,
  field: string,
): StatusCause[] => {
  if (!around) return [required(place, `because it is defined in ${field}`), ...forbidden(schema, field)];
  const items = part(schema, 'items');
  const not = part(schema, 'not');
  return [
    ...forbidden(schema, field),
    ...(items ? nestedCauses(items, part(around, 'items'), `${place}.items`, `${field}.items`) : []),
    ...Object.entries(part(schema, 'properties') ?? {}).flatMap(([key, property]) => {
      const step = `.properties[${key}]`;
      return isObject(property)
        ? nestedCauses(property, propertyOf(around, key), `${place}${step}`, `${field}${step}`)
        : [];
    }),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((keyword) =>
      partsAt(schema, keyword).flatMap((one, index) =>
        nestedCauses(one, around, place, `${field}.${keyword}[${index}]`),
      ),
    ),
    ...(not ? nestedCauses(not, around, place, `${field}.not`) : []),
  ];
};
