/** An applied configuration must fit its kind: a field that the kind does not have is an error, as are duplicate items. */
import { isObject, type JsonObject } from '../json.ts';
import { FREE, fieldType, type List, type Type } from '../schema/type.ts';
import { ApiError } from '../types.ts';
import { elementSentence, itemElement } from './element.ts';

/** As Go prints an `interface{}` with `%v`. */
const goText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
};

const goName = (value: unknown): string => {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' ? 'int64' : 'string';
};

const goValue = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : goText(value);
  return `&value.valueUnstructured{Value:${text}}`;
};

const scalarFault = (name: string, value: unknown): string | undefined => {
  switch (name) {
    case 'string':
    case 'bytes':
      return typeof value === 'string' ? undefined : `expected string, got ${goValue(value)}`;
    case 'bool':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`;
    case 'int32':
    case 'int64':
    case 'double':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goName(value)}`;
    default:
      return typeof value === 'object' ? `expected any scalar, got &{${goText(value)}}` : undefined;
  }
};

const NO_KEYS = (keys: readonly string[]): string =>
  `associative list with keys has an element that omits all key fields [${keys.map((key) => JSON.stringify(key)).join(' ')}] ` +
  "(and doesn't have default values for any key fields)";

const itemFaults = (list: List, items: unknown[], path: string): string[] => {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    if (list.relation === 'atomic') return faults(list.item, item, `${path}[${index}]`);
    const element = itemElement(list, item);
    if (element === undefined) return [`${path}: element ${index}: ${NO_KEYS(list.keys)}`];
    const sentence = elementSentence(element);
    const repeated = seen.has(element) ? [`${path}: duplicate entries for key ${sentence}`] : [];
    seen.add(element);
    return [...repeated, ...faults(list.item, item, path + sentence)];
  });
};

const fieldFaults = (type: Type, value: JsonObject, path: string): string[] =>
  Object.keys(value)
    .sort()
    .flatMap((key) => {
      const part = fieldType(type, key);
      return part
        ? faults(part, value[key], `${path}.${key}`)
        : [`${path}.${key}: field not declared in schema`];
    });

const faults = (type: Type, value: unknown, path: string): string[] => {
  if (value === null || value === undefined || type.is === 'free') return [];
  if (type.is === 'scalar') {
    const fault = scalarFault(type.name, value);
    return fault === undefined ? [] : [`${path}: ${fault}`];
  }
  if (type.is === 'list')
    return Array.isArray(value)
      ? itemFaults(type, value, path)
      : [`${path}: expected list, got &{${goText(value)}}`];
  return isObject(value)
    ? fieldFaults(type ?? FREE, value, path)
    : [`${path}: expected map, got &{${goText(value)}}`];
};

const sentenceOf = (config: JsonObject): string => {
  const metadata = isObject(config['metadata']) ? config['metadata'] : {};
  const apiVersion = String(config['apiVersion']);
  const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  return `${metadata['namespace'] ?? ''}/${metadata['name'] ?? ''}; ${groupVersion}, Kind=${config['kind']}`;
};

/** Throws a 500, as Kubernetes does, that names every fault. */
export const checkConfiguration = (type: Type, config: JsonObject): void => {
  const found = faults(type, config, '');
  if (found.length === 0) return;
  const all = found.length === 1 ? found[0] : ['errors:', ...found.map((fault) => `  ${fault}`)].join('\n');
  throw new ApiError(500, '', `failed to create typed patch object (${sentenceOf(config)}): ${all}`);
};
