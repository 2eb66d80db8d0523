/** What a conversion webhook may change: everything but kind and metadata, and of that labels and annotations. */
import { copy, isObject, type JsonObject, own, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';

const FIXED = [
  ['name', 'name'],
  ['namespace', 'namespace'],
  ['uid', 'UID'],
] as const;

const typeFault = (
  converted: JsonObject,
  { kind }: ApiObject,
  apiVersion: string,
  index: number,
): string | undefined => {
  const [foundVersion = '', foundKind = ''] = [textAt(converted, 'apiVersion'), textAt(converted, 'kind')];
  const where = `invalid object at index ${index}`;
  if (foundVersion !== apiVersion)
    return `${where}: invalid groupVersion (expected ${apiVersion}, received ${foundVersion})`;
  return foundKind === kind ? undefined : `${where}: invalid kind (expected ${kind}, received ${foundKind})`;
};

const identityFault = (converted: JsonObject, { metadata }: ApiObject): string | undefined => {
  for (const [field, name] of FIXED) {
    const [expected = '', found = ''] = [metadata[field], textAt(converted, 'metadata', field)];
    if (expected !== found) return `invalid object: must have the same ${name}: ${expected} != ${found}`;
  }
  return undefined;
};

const goType = (value: unknown): string => {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
};

const textsFault = (converted: JsonObject): string | undefined => {
  const metadata = isObject(converted['metadata']) ? converted['metadata'] : {};
  for (const field of ['labels', 'annotations']) {
    const texts = own(metadata, field);
    const bad = isObject(texts) && Object.entries(texts).find(([, text]) => typeof text !== 'string');
    if (bad)
      return `invalid metadata: metadata.${field}[${bad[0]}] must be a string, but is ${goType(bad[1])} in converted object`;
  }
  return undefined;
};

const restored = (converted: JsonObject, original: ApiObject): ApiObject => {
  const metadata = isObject(converted['metadata']) ? converted['metadata'] : {};
  const { labels: _, annotations: _annotations, ...kept } = original.metadata;
  const own: JsonObject = { ...kept };
  for (const field of ['labels', 'annotations'])
    if (metadata[field] !== undefined) own[field] = metadata[field];
  const { apiVersion = '' } = converted;
  return copy({
    ...converted,
    apiVersion: String(apiVersion),
    kind: original.kind,
    metadata: { ...kept, ...own },
  });
};

/** The converted object with the original's metadata, or what is wrong with it. */
export const checkedObject = (
  converted: JsonObject,
  original: ApiObject,
  apiVersion: string,
  index: number,
): ApiObject | string =>
  typeFault(converted, original, apiVersion, index) ??
  identityFault(converted, original) ??
  textsFault(converted) ??
  restored(converted, original);
