/** Defaults fit the schema that they stand in, and name no field that it does not have. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { invalidValue } from '../errors.ts';
import { isObject } from '../json.ts';
import { hasUnknownFields } from '../structural/prune.ts';
import { defaultOf, part, type Schema } from '../structural/schema.ts';
import { schemaCauses } from '../structural/validation/validate.ts';

const ownCauses = (schema: Schema, field: string): StatusCause[] => {
  const value = defaultOf(schema);
  if (value === undefined) return [];
  const path = `${field}.default`;
  if (hasUnknownFields(value, schema)) return [invalidValue(path, value, 'must not have unknown fields')];
  return schemaCauses(value, schema, { prefix: path });
};

export const defaultCauses = (schema: Schema, field: string): StatusCause[] => {
  const single = ['items', 'additionalProperties'].flatMap((keyword) => {
    const inside = part(schema, keyword);
    return inside ? defaultCauses(inside, `${field}.${keyword}`) : [];
  });
  const properties = Object.entries(part(schema, 'properties') ?? {});
  return [
    ...ownCauses(schema, field),
    ...single,
    ...properties.flatMap(([key, property]) =>
      isObject(property) ? defaultCauses(property, `${field}.properties[${key}]`) : [],
    ),
  ];
};
