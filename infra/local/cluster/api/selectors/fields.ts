/** The `fieldSelector` query parameter: `=`, `==` and `!=` on the fields that a kind offers, joined by commas. */
import { badRequest } from '../errors.ts';
import { at } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { ResourceType } from '../resourceType.ts';

const EVERY_KIND: ReadonlyMap<string, readonly string[]> = new Map([
  ['metadata.name', ['metadata', 'name']],
  ['metadata.namespace', ['metadata', 'namespace']],
]);

const TERM = /^(?<field>[^=!]+?)\s*(?<operator>==?|!=)(?<value>.*)$/;
/** A comma that no backslash precedes. */
const SEPARATOR = /(?<!\\),/;

const unescaped = (value: string): string => value.replace(/\\([\\,=])/g, '$1');

const fieldValue = (object: ApiObject, path: readonly string[]): string => {
  const value = at(object, ...path);
  return value === undefined || value === null ? '' : String(value);
};

const condition = (text: string, type: ResourceType): ((object: ApiObject) => boolean) => {
  const found = TERM.exec(text.trim())?.groups;
  const field = found?.['field'];
  if (!found || !field) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const path = EVERY_KIND.get(field) ?? type.rules.fields?.get(field);
  if (!path) throw badRequest(`field label not supported: ${field}`);
  const value = unescaped((found['value'] ?? '').trim());
  const wanted = found['operator'] !== '!=';
  return (object) => (fieldValue(object, path) === value) === wanted;
};

/** Throws a 400 on a field that the kind does not offer. */
export const parseFieldSelector = (text: string, type: ResourceType): ((object: ApiObject) => boolean) => {
  const conditions = text
    .split(SEPARATOR)
    .filter((term) => term.trim() !== '')
    .map((term) => condition(term, type));
  return (object) => conditions.every((holds) => holds(object));
};
