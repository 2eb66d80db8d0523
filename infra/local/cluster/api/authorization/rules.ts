/** One rule of a role (`rbac.authorization.k8s.io/v1`, PolicyRule). */
import { type JsonObject, stringsAt } from '../json.ts';
import type { Access, AccessedResource } from '../types.ts';

const ALL = '*';

const lists = (values: string[], value: string): boolean => values.includes(ALL) || values.includes(value);

/** `pods`, `pods/status`, `*` (subresources too), `*​/status`. */
const coversResource = (rule: JsonObject, { plural, subresource }: AccessedResource): boolean => {
  const resources = stringsAt(rule, 'resources');
  if (subresource === undefined) return lists(resources, plural);
  return lists(resources, `${plural}/${subresource}`) || resources.includes(`${ALL}/${subresource}`);
};

/** Names narrow a rule to requests that carry one of them: never a create, nor a list without a field selector. */
const coversName = (rule: JsonObject, { name = '' }: AccessedResource): boolean => {
  const names = stringsAt(rule, 'resourceNames');
  return names.length === 0 || names.includes(name);
};

/** A pattern may end with `*`. */
const coversPath = (rule: JsonObject, path: string): boolean =>
  stringsAt(rule, 'nonResourceURLs').some((pattern) =>
    pattern.endsWith(ALL) ? path.startsWith(pattern.slice(0, -1)) : pattern === path,
  );

export const allows = (rule: JsonObject, { verb, resource, path }: Access): boolean => {
  if (!lists(stringsAt(rule, 'verbs'), verb)) return false;
  if (!resource) return coversPath(rule, path);
  return (
    lists(stringsAt(rule, 'apiGroups'), resource.group) &&
    coversResource(rule, resource) &&
    coversName(rule, resource)
  );
};
