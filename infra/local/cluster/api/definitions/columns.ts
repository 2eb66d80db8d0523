import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { invalidValue, required } from '../errors.ts';
import { type JsonObject, objectsAt, textAt } from '../json.ts';

const TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

const oneOf = (field: string, value: string, words: string[]): StatusCause[] => {
  const why = `must be one of ${words.join(',')}`;
  return words.includes(value) ? [] : [invalidValue(field, value, why)];
};

const pathCauses = (field: string, path: string): StatusCause[] => {
  if (path === '') return [required(field)];
  return path.startsWith('.')
    ? []
    : [invalidValue(field, path, 'must be a simple json path starting with .')];
};

const columnCauses = (column: JsonObject, field: string): StatusCause[] => {
  const [name, type, format, jsonPath] = ['name', 'type', 'format', 'jsonPath'].map(
    (key) => textAt(column, key) ?? '',
  );
  return [
    ...(name === '' ? [required(`${field}.name`)] : []),
    ...(type
      ? oneOf(`${field}.type`, type, TYPES)
      : [required(`${field}.type`, `must be one of ${TYPES.join(',')}`)]),
    ...(format ? oneOf(`${field}.format`, format, FORMATS) : []),
    ...pathCauses(`${field}.JSONPath`, jsonPath ?? ''),
  ];
};

/** `field` is where messages say that the columns are. */
export const columnsCauses = (version: JsonObject, field: string): StatusCause[] =>
  objectsAt(version, 'additionalPrinterColumns').flatMap((column, index) =>
    columnCauses(column, `${field}[${index}]`),
  );
