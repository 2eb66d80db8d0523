/** Roles, bindings, policies and flow control as kubectl shows them. */
import type { KubernetesObject } from '../../../../../shared/model/kubernetes.ts';
import { AGE, type Column, CREATED_AT, count, integer, NAME, text, wide } from './column.ts';

const UNSET = '<unset>';

export const ROLE_COLUMNS: Column[] = [NAME, CREATED_AT];

interface Binding extends KubernetesObject {
  roleRef: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
}

const subjects = (kind: string) => (binding: Binding) =>
  (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ');

export const BINDING_COLUMNS: Column<Binding>[] = [
  NAME,
  text('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  AGE,
  wide(text('Users', subjects('User'))),
  wide(text('Groups', subjects('Group'))),
  wide(text('ServiceAccounts', subjects('ServiceAccount'))),
];

export const SERVICE_ACCOUNT_COLUMNS: Column<KubernetesObject & { secrets?: object[] }>[] = [
  NAME,
  count('Secrets', ({ secrets }) => secrets?.length),
  AGE,
];

/** Parameters are refused: there is never a kind of them. */
export const POLICY_COLUMNS: Column<KubernetesObject & { spec: { validations?: object[] } }>[] = [
  NAME,
  integer('Validations', ({ spec }) => spec.validations?.length),
  text('ParamKind', () => UNSET),
  AGE,
];

export const POLICY_BINDING_COLUMNS: Column<KubernetesObject & { spec: { policyName: string } }>[] = [
  NAME,
  text('PolicyName', ({ spec }) => spec.policyName),
  text('ParamRef', () => UNSET),
  AGE,
];
