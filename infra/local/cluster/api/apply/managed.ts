/** `metadata.managedFields`: who owns which fields. */
import type { ManagedFieldsEntry } from '../../../../../shared/model/kubernetes.ts';
import { isObject, textAt } from '../json.ts';
import type { FieldSet } from './fieldSet.ts';
import { readFields, writeFields } from './fieldsV1.ts';

export interface Manager {
  name: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource: string;
}

export interface Owner extends Manager {
  /** RFC 3339, whole seconds; absent in an entry that somebody wrote without. */
  time?: string;
  fields: FieldSet;
}

/** One entry for each: whoever applies has one for all versions. */
export const sameManager = (left: Manager, right: Manager): boolean =>
  left.name === right.name &&
  left.operation === right.operation &&
  left.subresource === right.subresource &&
  (left.operation === 'Apply' || left.apiVersion === right.apiVersion);

const readOwner = (entry: unknown): Owner | undefined => {
  const [operation, apiVersion] = [textAt(entry, 'operation'), textAt(entry, 'apiVersion')];
  const isKnown = operation === 'Apply' || operation === 'Update';
  if (!isKnown || !apiVersion || textAt(entry, 'fieldsType') !== 'FieldsV1') return undefined;
  const time = textAt(entry, 'time');
  return {
    name: textAt(entry, 'manager') ?? '',
    operation,
    apiVersion,
    subresource: textAt(entry, 'subresource') ?? '',
    ...(time !== undefined && { time }),
    fields: readFields(isObject(entry) ? entry['fieldsV1'] : undefined),
  };
};

/** `undefined` if an entry can't be read. */
export const readOwners = (entries: unknown): Owner[] | undefined => {
  if (entries === undefined || entries === null) return [];
  if (!Array.isArray(entries)) return undefined;
  const owners = entries.map(readOwner);
  return owners.every((owner) => owner !== undefined) ? owners : undefined;
};

const seconds = ({ time }: Owner): number => (time === undefined ? 0 : Math.floor(Date.parse(time) / 1000));

const compareText = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

/** Appliers first, then by age. */
const inOrder = (left: Owner, right: Owner): number =>
  compareText(left.operation, right.operation) ||
  seconds(left) - seconds(right) ||
  compareText(left.name, right.name) ||
  compareText(left.apiVersion, right.apiVersion) ||
  compareText(left.subresource, right.subresource);

const writeOwner = ({
  name,
  operation,
  apiVersion,
  time,
  fields,
  subresource,
}: Owner): ManagedFieldsEntry => ({
  manager: name,
  operation,
  apiVersion,
  ...(time !== undefined && { time }),
  fieldsType: 'FieldsV1',
  fieldsV1: writeFields(fields),
  ...(subresource !== '' && { subresource }),
});

/** `undefined` where nobody owns anything: the field is then absent. */
export const writeOwners = (owners: readonly Owner[]): ManagedFieldsEntry[] | undefined =>
  owners.length === 0 ? undefined : [...owners].sort(inOrder).map(writeOwner);
