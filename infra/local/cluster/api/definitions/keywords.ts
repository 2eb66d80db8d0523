/** Keywords of a schema that are wrong by themselves, or that this API server does not know how to follow. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { forbiddenField, invalidValue, notImplemented, required, unsupportedValue } from '../errors.ts';
import { isObject, own, textAt } from '../json.ts';
import { isSet, LIST_TYPE, PRESERVE, part, partsAt, type Schema } from '../structural/schema.ts';
import { isUnsupportedFormat } from '../structural/validation/formats.ts';
import { expressionOf } from '../structural/validation/strings.ts';
import { listKeywordCauses } from './listKeywords.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const UNSUPPORTED = [
  'patternProperties',
  'definitions',
  'dependencies',
  'additionalItems',
  '$ref',
  'id',
  '$schema',
];

/** Throws a 501 for what Kubernetes checks and this API server can not. */
const refuseUnknown = (schema: Schema, field: string): void => {
  const rules = own(schema, 'x-kubernetes-validations');
  if (Array.isArray(rules) && rules.length > 0) throw notImplemented(`${field}.x-kubernetes-validations is`);
  const format = textAt(schema, 'format') ?? '';
  if (isUnsupportedFormat(format)) throw notImplemented(`format ${format} in ${field}.format is`);
};

const patternCauses = (schema: Schema, field: string): StatusCause[] => {
  const pattern = textAt(schema, 'pattern') ?? '';
  if (pattern === '' || expressionOf(pattern)) return [];
  const why = `must be a valid regular expression, but isn't: error parsing regexp: ${pattern}`;
  return [invalidValue(`${field}.pattern`, pattern, why)];
};

const typeCauses = (schema: Schema, field: string): StatusCause[] => {
  const type = textAt(schema, 'type') ?? '';
  return type === '' || TYPES.includes(type) ? [] : [unsupportedValue(`${field}.type`, type, TYPES)];
};

const additionalCauses = (schema: Schema, field: string): StatusCause[] => {
  const additional = own(schema, 'additionalProperties');
  const hasBoth = Object.keys(part(schema, 'properties') ?? {}).length > 0 && additional !== undefined;
  return hasBoth && additional !== true
    ? [
        forbiddenField(
          `${field}.additionalProperties`,
          'additionalProperties and properties are mutual exclusive',
        ),
      ]
    : [];
};

const ownCauses = (schema: Schema, field: string): StatusCause[] => [
  ...typeCauses(schema, field),
  ...patternCauses(schema, field),
  ...UNSUPPORTED.filter((keyword) => own(schema, keyword) !== undefined).map((keyword) =>
    forbiddenField(`${field}.${keyword}`, `${keyword} is not supported`),
  ),
  ...(isSet(schema, 'uniqueItems')
    ? [
        forbiddenField(
          `${field}.uniqueItems`,
          'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
        ),
      ]
    : []),
  ...(own(schema, PRESERVE) === false
    ? [invalidValue(`${field}.${PRESERVE}`, false, 'must be true or undefined')]
    : []),
  ...additionalCauses(schema, field),
  ...listKeywordCauses(schema, field),
];

const children = (schema: Schema, field: string): [Schema, string][] => {
  const single = ['items', 'additionalProperties', 'not'].flatMap((keyword): [Schema, string][] => {
    const one = part(schema, keyword);
    return one ? [[one, `${field}.${keyword}`]] : [];
  });
  const properties = Object.entries(part(schema, 'properties') ?? {}).flatMap(
    ([key, one]): [Schema, string][] => (isObject(one) ? [[one, `${field}.properties[${key}]`]] : []),
  );
  const listed = ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) =>
    partsAt(schema, keyword).map((one, index): [Schema, string] => [one, `${field}.${keyword}[${index}]`]),
  );
  return [...single, ...properties, ...listed];
};

export const keywordCauses = (schema: Schema, field: string): StatusCause[] => {
  refuseUnknown(schema, field);
  return [
    ...ownCauses(schema, field),
    ...children(schema, field).flatMap(([one, inside]) => keywordCauses(one, inside)),
  ];
};

/** The status is validated by itself, so that nothing at the root may hold more than its fields together. */
const AT_ROOT = [
  'type',
  'description',
  'properties',
  'required',
  'title',
  PRESERVE,
  'x-kubernetes-validations',
];

/** With a status subresource. */
export const rootCauses = (schema: Schema, field: string): StatusCause[] => {
  const odd = Object.keys(schema).find((keyword) => !AT_ROOT.includes(keyword));
  const why = `only ${AT_ROOT.join(', ')} are allowed at the root of the schema if the status subresource is enabled`;
  return odd === undefined || odd === LIST_TYPE ? [] : [invalidValue(field, odd, why)];
};

export const nullableCauses = (schema: Schema, field: string): StatusCause[] =>
  isSet(schema, 'nullable')
    ? [forbiddenField(`${field}.nullable`, 'nullable cannot be true at the root')]
    : [];

export const missingSchema = (index: number): StatusCause =>
  required(`spec.versions[${index}].schema.openAPIV3Schema`);
