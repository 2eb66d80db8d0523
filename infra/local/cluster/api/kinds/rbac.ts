/** Roles, ClusterRoles and their bindings. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { RBAC } from '../authorization/authorizer.ts';
import { invalidValue, notImplemented, required, unsupportedValue } from '../errors.ts';
import { at, equal, isObject, type JsonObject, objectsAt, own, preset, stringsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';

/** A name is a segment of a path: colons are usual in it. */
const segmentCauses = (field: string, name: string): StatusCause[] => {
  if (name === '.' || name === '..') return [invalidValue(field, name, `may not be '${name}'`)];
  const bad = ['/', '%'].filter((part) => name.includes(part));
  return bad.map((part) => invalidValue(field, name, `may not contain '${part}'`));
};

const plain: KindRules = { generation: false, unconditionalUpdate: true, nameCauses: segmentCauses };

const resourceCauses = (rule: JsonObject, field: string): StatusCause[] => [
  ...(stringsAt(rule, 'apiGroups').length > 0
    ? []
    : [required(`${field}.apiGroups`, 'resource rules must supply at least one api group')]),
  ...(stringsAt(rule, 'resources').length > 0
    ? []
    : [required(`${field}.resources`, 'resource rules must supply at least one resource')]),
];

const RESOURCE_LISTS = ['apiGroups', 'resources', 'resourceNames'];

const pathCauses = (rule: JsonObject, field: string, namespaced: boolean): StatusCause[] => {
  const paths = stringsAt(rule, 'nonResourceURLs');
  const both = RESOURCE_LISTS.some((list) => stringsAt(rule, list).length > 0);
  const why = namespaced
    ? 'namespaced rules cannot apply to non-resource URLs'
    : 'rules cannot apply to both regular resources and non-resource URLs';
  return namespaced || both ? [invalidValue(`${field}.nonResourceURLs`, paths, why)] : [];
};

const ruleCauses = (rule: JsonObject, field: string, namespaced: boolean): StatusCause[] => [
  ...(stringsAt(rule, 'verbs').length > 0
    ? []
    : [required(`${field}.verbs`, 'verbs must contain at least one value')]),
  ...(stringsAt(rule, 'nonResourceURLs').length > 0
    ? pathCauses(rule, field, namespaced)
    : resourceCauses(rule, field)),
];

const roleCauses =
  (namespaced: boolean) =>
  (role: ApiObject): StatusCause[] =>
    objectsAt(role, 'rules').flatMap((rule, index) => ruleCauses(rule, `rules[${index}]`, namespaced));

export const roleRules: KindRules = { ...plain, validate: roleCauses(true) };

export const clusterRoleRules: KindRules = {
  ...plain,
  validate(role) {
    if (own(role, 'aggregationRule') !== undefined)
      throw notImplemented('aggregationRule of a ClusterRole is');
    return roleCauses(false)(role);
  },
};

const SUBJECTS = ['ServiceAccount', 'User', 'Group'];

const subjectCauses = (subject: JsonObject, field: string, namespaced: boolean): StatusCause[] => {
  const kind = textAt(subject, 'kind') ?? '';
  if (!textAt(subject, 'name')) return [required(`${field}.name`)];
  if (!SUBJECTS.includes(kind)) return [unsupportedValue(`${field}.kind`, kind, SUBJECTS)];
  return kind === 'ServiceAccount' && !namespaced && !textAt(subject, 'namespace')
    ? [required(`${field}.namespace`)]
    : [];
};

const referenceCauses = (binding: ApiObject, kinds: string[]): StatusCause[] => {
  const kind = textAt(binding, 'roleRef', 'kind') ?? '';
  return [
    ...(kinds.includes(kind) ? [] : [unsupportedValue('roleRef.kind', kind, kinds)]),
    ...(textAt(binding, 'roleRef', 'name') ? [] : [required('roleRef.name')]),
  ];
};

const setGroups = (binding: ApiObject): void => {
  const roleRef = own(binding, 'roleRef');
  if (isObject(roleRef)) preset(roleRef, 'apiGroup', RBAC);
  for (const subject of objectsAt(binding, 'subjects'))
    if (['User', 'Group'].includes(String(subject['kind']))) preset(subject, 'apiGroup', RBAC);
};

const referenceChanged = (binding: ApiObject, old: ApiObject): StatusCause[] => {
  const [now, before] = [own(binding, 'roleRef'), own(old, 'roleRef')];
  if (equal(now, before)) return [];
  // In the words of Go's type, which has no names for JSON.
  const shown = {
    APIGroup: at(now, 'apiGroup'),
    Kind: at(now, 'kind'),
    Name: at(now, 'name'),
  };
  return [invalidValue('roleRef', shown, 'cannot change roleRef')];
};

const bindingRules = (namespaced: boolean): KindRules => ({
  ...plain,
  setDefaults: setGroups,
  validate: (binding) => [
    ...referenceCauses(binding, namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']),
    ...objectsAt(binding, 'subjects').flatMap((subject, index) =>
      subjectCauses(subject, `subjects[${index}]`, namespaced),
    ),
  ],
  validateUpdate: referenceChanged,
});

export const roleBindingRules = bindingRules(true);
export const clusterRoleBindingRules = bindingRules(false);
