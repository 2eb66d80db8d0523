/** The `fieldSelector` query parameter: `=`, `==` and `!=` on the fields that a kind offers, joined by commas. */
import { badRequest } from '../errors.ts';
import { at } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { ResourceType } from '../resourceType.ts';

const NAME: [string, readonly string[]] = ['metadata.name', ['metadata', 'name']];
const NAMESPACE: [string, readonly string[]] = ['metadata.namespace', ['metadata', 'namespace']];

/** Kinds without fields of their own, and all namespaced ones, offer the namespace too. */
const offered = ({ rules, namespaced }: ResourceType): ReadonlyMap<string, readonly string[]> =>
  new Map([NAME, ...(namespaced || !rules.fields ? [NAMESPACE] : []), ...(rules.fields ?? [])]);

const unsupported = ({ rules, kind, group }: ResourceType, field: string) => {
  if (!rules.fields) {
    const known = '"metadata.name", "metadata.namespace"';
    return badRequest(`${JSON.stringify(field)} is not a known field selector: only ${known}`);
  }
  return badRequest(
    group === ''
      ? `field label not supported: ${field}`
      : `field label ${JSON.stringify(field)} not supported for ${kind}`,
  );
};

const TERM = /^(?<field>.*?)(?<operator>!=|==|=)(?<value>.*)$/s;

const invalid = (why: string) => badRequest(`invalid field selector: ${why}`);

/** `\\`, `\,` and `\=` stand for the character; the last two must be written so. */
const unescaped = (value: string): string => {
  const unknown = /\\(?![\\,=])(?<next>.?)/s.exec(value.replace(/\\[\\,=]/g, ''));
  if (unknown) throw invalid(`invalid escape sequence: \\${unknown.groups?.['next']}`);
  const bare = /[,=]/.exec(value.replace(/\\[\\,=]/g, ''));
  if (bare) throw invalid(`unescaped character in value: ${bare[0].charCodeAt(0)}`);
  return value.replace(/\\([\\,=])/g, '$1');
};

/** What a field counts as where it is absent; any other is ''. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ['spec.hostNetwork', 'false'],
  ['spec.unschedulable', 'false'],
  ['status.successful', '0'],
]);

const fieldValue = (object: ApiObject, field: string, path: readonly string[]): string => {
  const value = path.length > 0 ? at(object, ...path) : undefined;
  return value === undefined || value === null ? (ABSENT.get(field) ?? '') : String(value);
};

const condition = (text: string, type: ResourceType): ((object: ApiObject) => boolean) => {
  const found = TERM.exec(text)?.groups;
  const field = found?.['field'];
  if (!found || field === undefined)
    throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const value = unescaped(found['value'] ?? '');
  const path = offered(type).get(field);
  if (!path) throw unsupported(type, field);
  const wanted = found['operator'] !== '!=';
  return (object) => (fieldValue(object, field, path) === value) === wanted;
};

/** Splits at commas that no backslash precedes. */
const terms = (text: string): string[] => [...text.matchAll(/(?:\\.|[^,\\])+|\\$/gs)].map(([term]) => term);

/** Throws a 400 on a field that the kind does not offer. */
export const parseFieldSelector = (text: string, type: ResourceType): ((object: ApiObject) => boolean) => {
  const conditions = terms(text).map((term) => condition(term, type));
  return (object) => conditions.every((holds) => holds(object));
};
