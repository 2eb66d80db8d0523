/** Custom resources: the `additionalPrinterColumns` of their definition. */
import type { RegisteredResource } from '../../api/types.ts';
import { AGE, type Cell, type Column, NAME } from './column.ts';
import { age } from './duration.ts';
import { compilePath } from './jsonPath.ts';

type PrinterColumn = NonNullable<RegisteredResource['printerColumns']>[number];

/** A value that is not of the column's type is left out, as the API server does. */
const toCell = (type: Column['type'], value: unknown, now: Date): Cell => {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? age(value, now) : null;
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
    default:
      return type satisfies never;
  }
};

const TYPES = ['string', 'integer', 'number', 'boolean', 'date'] as const;

const printerColumn = ({ name, type, jsonPath, description, priority }: PrinterColumn): Column => {
  const read = compilePath(jsonPath);
  const known = TYPES.find((candidate) => candidate === type) ?? 'string';
  return {
    name,
    type: known,
    description: description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority,
    cell: (object, now) => (read ? toCell(known, read(object), now) : '<unsupported>'),
  };
};

export const customColumns = ({ printerColumns = [] }: RegisteredResource): Column[] => [
  NAME,
  ...(printerColumns.length > 0 ? printerColumns.map(printerColumn) : [AGE]),
];

/** A sentence for each column whose JSON path is beyond {@link compilePath}. */
export const unsupportedColumns = ({ kind, printerColumns = [] }: RegisteredResource): string[] =>
  printerColumns
    .filter(({ jsonPath }) => !compilePath(jsonPath))
    .map(
      ({ name, jsonPath }) => `printer column ${name} of ${kind}: jsonPath ${jsonPath} is not supported here`,
    );
