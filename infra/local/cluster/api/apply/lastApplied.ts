/** The way from client-side apply to server-side apply: kubectl's annotation with what it applied last. */
import { isObject, type JsonObject, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { Type } from '../schema/type.ts';
import { compare } from './compare.ts';
import { contentsOf } from './contents.ts';
import { difference, EMPTY, type FieldSet } from './fieldSet.ts';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What was applied last and is still there as it was applied. */
export const allowedByLastApplied = (type: Type, live: ApiObject): FieldSet => {
  const last = parsed(live.metadata.annotations?.[ANNOTATION] ?? '');
  if (!isObject(last) || textAt(last, 'apiVersion') !== live.apiVersion) return EMPTY;
  const { added, removed, modified } = compare(type, last, live);
  return [added, removed, modified].reduce(difference, contentsOf(type, last));
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
};

const withoutAnnotation = (config: JsonObject): JsonObject => {
  const metadata = config['metadata'];
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
  if (!isObject(metadata) || !isObject(annotations)) return config;
  const { [ANNOTATION]: _, ...rest } = annotations;
  return { ...config, metadata: { ...metadata, annotations: rest } };
};

/** Keeps the annotation of an object that has it up to date, so that both ways of applying can be mixed. */
export const withLastApplied = (object: ApiObject, config: JsonObject): ApiObject => {
  if (!object.metadata.annotations?.[ANNOTATION]) return object;
  const text = `${JSON.stringify(sorted(withoutAnnotation(config)))}\n`;
  const annotations = { ...object.metadata.annotations, [ANNOTATION]: text };
  return { ...object, metadata: { ...object.metadata, annotations } };
};
