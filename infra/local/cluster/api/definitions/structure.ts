/** What makes a schema structural (`apiextensions-apiserver/pkg/apiserver/schema`). */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { forbiddenField, invalidValue, required } from '../errors.ts';
import { equal, isObject, own, textAt } from '../json.ts';
import {
  EMBEDDED,
  INT_OR_STRING,
  isSet,
  PRESERVE,
  part,
  partsAt,
  propertyOf,
  type Schema,
} from '../structural/schema.ts';
import { nestedCauses } from './nested.ts';

export type Level = 'root' | 'item' | 'field';

const EMPTY_TYPE = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

const typeCauses = (schema: Schema, level: Level, field: string): StatusCause[] => {
  const type = textAt(schema, 'type') ?? '';
  const path = `${field}.type`;
  if (isSet(schema, EMBEDDED) && type !== 'object') {
    const why = `must be object if ${EMBEDDED} is true`;
    return [type === '' ? required(path, why) : invalidValue(path, type, why)];
  }
  if (type === '' && !isSet(schema, INT_OR_STRING) && !isSet(schema, PRESERVE))
    return [required(path, EMPTY_TYPE[level])];
  return level === 'root' && type !== '' && type !== 'object'
    ? [invalidValue(path, type, 'must be object at the root')]
    : [];
};

const extensionCauses = (schema: Schema, field: string): StatusCause[] => {
  const why = `must be false if ${INT_OR_STRING} is true`;
  return isSet(schema, INT_OR_STRING)
    ? [PRESERVE, EMBEDDED]
        .filter((extension) => isSet(schema, extension))
        .map((extension) => invalidValue(`${field}.${extension}`, true, why))
    : [];
};

const additionalCauses = (schema: Schema, level: Level, field: string): StatusCause[] => {
  const path = `${field}.additionalProperties`;
  if (own(schema, 'additionalProperties') === undefined) return [];
  return [
    ...(level === 'root' ? [forbiddenField(path, 'must not be used at the root')] : []),
    ...(isSet(schema, EMBEDDED) ? [forbiddenField(path, `must not be used if ${EMBEDDED} is set`)] : []),
  ];
};

/** At the root, metadata can be restricted in its names and in nothing else. */
const metadataCauses = (metadata: Schema, level: Level, field: string): StatusCause[] => {
  const type = textAt(metadata, 'type') ?? '';
  const wrongType = type === 'object' ? [] : [invalidValue(`${field}.type`, type, 'must be object')];
  if (level !== 'root') return wrongType;
  const { type: _, default: _default, properties = {}, ...rest } = metadata;
  const named = isObject(properties) ? Object.keys(properties) : [];
  const isPlain =
    named.every((key) => ['name', 'generateName'].includes(key)) && Object.keys(rest).length === 0;
  const why =
    'must not specify anything other than name and generateName, but metadata is implicitly specified';
  return isPlain ? wrongType : [...wrongType, forbiddenField(field, why)];
};

const typeMetaCauses = (schema: Schema, level: Level, field: string): StatusCause[] => {
  if (level !== 'root' && !isSet(schema, EMBEDDED)) return [];
  const texts = ['kind', 'apiVersion'].flatMap((key) => {
    const property = propertyOf(schema, key);
    const type = textAt(property, 'type') ?? '';
    return property && type !== 'string'
      ? [invalidValue(`${field}.properties[${key}].type`, type, 'must be string')]
      : [];
  });
  const metadata = propertyOf(schema, 'metadata');
  return [...texts, ...(metadata ? metadataCauses(metadata, level, `${field}.properties[metadata]`) : [])];
};

const embeddedCauses = (schema: Schema, field: string): StatusCause[] => {
  if (!isSet(schema, EMBEDDED) || isSet(schema, PRESERVE)) return [];
  const why = `must not be empty if ${EMBEDDED} is true without ${PRESERVE}`;
  return Object.keys(part(schema, 'properties') ?? {}).length > 0
    ? []
    : [required(`${field}.properties`, why)];
};

const INT_OR_STRING_FORM = [{ type: 'integer' }, { type: 'string' }];
const isIntOrStringForm = (value: unknown): boolean => equal(value, INT_OR_STRING_FORM);

/** The two ways to spell int-or-string are the only ones that may name a type inside. */
const alternativesCauses = (schema: Schema, field: string): StatusCause[] => {
  const skipsAny = isIntOrStringForm(own(schema, 'anyOf'));
  const under = (keyword: string) =>
    partsAt(schema, keyword).flatMap((one, index) => {
      const skipsInner = keyword === 'allOf' && index === 0 && isIntOrStringForm(own(one, 'anyOf'));
      const { anyOf: _, ...rest } = one;
      return nestedCauses(skipsInner ? rest : one, schema, field, `${field}.${keyword}[${index}]`);
    });
  const not = part(schema, 'not');
  return [
    ...(skipsAny ? [] : under('anyOf')),
    ...under('oneOf'),
    ...under('allOf'),
    ...(not ? nestedCauses(not, schema, field, `${field}.not`) : []),
  ];
};

const childCauses = (schema: Schema, field: string): StatusCause[] => {
  const items = part(schema, 'items');
  const additional = part(schema, 'additionalProperties');
  const properties = Object.entries(part(schema, 'properties') ?? {});
  return [
    ...(textAt(schema, 'type') === 'array' && !items
      ? [required(`${field}.items`, 'must be specified')]
      : []),
    ...(items ? structureCauses(items, `${field}.items`, 'item') : []),
    ...properties.flatMap(([key, property]) =>
      isObject(property) ? structureCauses(property, `${field}.properties[${key}]`, 'field') : [],
    ),
    ...(additional ? structureCauses(additional, `${field}.additionalProperties`, 'field') : []),
  ];
};

export const structureCauses = (schema: Schema, field: string, level: Level = 'root'): StatusCause[] => [
  ...childCauses(schema, field),
  ...typeCauses(schema, level, field),
  ...extensionCauses(schema, field),
  ...additionalCauses(schema, level, field),
  ...typeMetaCauses(schema, level, field),
  ...embeddedCauses(schema, field),
  ...alternativesCauses(schema, field),
];
