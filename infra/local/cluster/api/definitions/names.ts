import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { invalidValue, required, unsupportedValue } from '../errors.ts';
import { at, stringsAt, textAt } from '../json.ts';
import { dns1035Fault, dns1123SubdomainFault } from '../kinds/names.ts';
import type { ApiObject } from '../objects.ts';

const groupCauses = (group: string): StatusCause[] => {
  if (group === '') return [required('spec.group')];
  const fault =
    dns1123SubdomainFault(group) ??
    (group.includes('.') ? undefined : 'should be a domain with at least one dot');
  return fault === undefined ? [] : [invalidValue('spec.group', group, fault)];
};

const REQUIRED = ['plural', 'singular', 'kind', 'listKind'];
const MIXED_CASE = ['kind', 'listKind'];

const nameCauses = (names: unknown, field: string): StatusCause[] => {
  const name = textAt(names, field) ?? '';
  const path = `spec.names.${field}`;
  if (name === '') return [required(path)];
  const mixed = MIXED_CASE.includes(field);
  const fault = dns1035Fault(mixed ? name.toLowerCase() : name);
  if (fault === undefined) return [];
  const why = mixed ? `may have mixed case, but should otherwise match: ${fault}` : fault;
  return [invalidValue(path, name, why)];
};

const listedCauses = (names: unknown, field: string): StatusCause[] =>
  stringsAt(names, field).flatMap((name, index) => {
    const fault = dns1035Fault(name);
    return fault === undefined ? [] : [invalidValue(`spec.names.${field}[${index}]`, name, fault)];
  });

const sameKindCauses = (names: unknown): StatusCause[] => {
  const listKind = textAt(names, 'listKind') ?? '';
  return listKind !== '' && listKind === textAt(names, 'kind')
    ? [invalidValue('spec.names.listKind', listKind, 'kind and listKind may not be the same')]
    : [];
};

const scopeCauses = (definition: ApiObject): StatusCause[] => {
  const scope = textAt(definition, 'spec', 'scope') ?? '';
  if (scope === '') return [required('spec.scope')];
  return ['Cluster', 'Namespaced'].includes(scope)
    ? []
    : [unsupportedValue('spec.scope', scope, ['Cluster', 'Namespaced'])];
};

const APPROVED = 'api-approved.kubernetes.io';

const approvalCauses = (group: string, { metadata }: ApiObject): StatusCause[] => {
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  if (!isProtected || metadata.annotations?.[APPROVED]) return [];
  const why = `protected groups must have approval annotation "${APPROVED}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [required(`metadata.annotations[${APPROVED}]`, why)];
};

/** Group, scope and names of a definition, and its own name, which is made of them. */
export const identityCauses = (definition: ApiObject): StatusCause[] => {
  const names = at(definition, 'spec', 'names');
  const group = textAt(definition, 'spec', 'group') ?? '';
  const { name } = definition.metadata;
  const expected = `${textAt(names, 'plural') ?? ''}.${group}`;
  return [
    ...(name === expected
      ? []
      : [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')]),
    ...groupCauses(group),
    ...scopeCauses(definition),
    ...REQUIRED.flatMap((field) => nameCauses(names, field)),
    ...sameKindCauses(names),
    ...['shortNames', 'categories'].flatMap((field) => listedCauses(names, field)),
    ...approvalCauses(group, definition),
  ];
};
