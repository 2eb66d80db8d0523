/** RBAC: who may do what, by the roles and bindings in the store. Only `system:masters` need none. */
import { groupResource, notImplemented } from '../errors.ts';
import { type JsonObject, objectsAt, textAt } from '../json.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import type { Store } from '../store.ts';
import { type Access, ApiError, type User } from '../types.ts';
import { allows } from './rules.ts';

export interface Decision {
  allowed: boolean;
  /** Which binding allows it, or which roles could not be found. */
  reason: string;
}

export interface Authorizer {
  decide(user: User, access: Access): Decision;
  /** Throws an {@link ApiError} 403. */
  check(user: User, access: Access): void;
}

export const RBAC = 'rbac.authorization.k8s.io';
const MASTERS = 'system:masters';

/** A service account of a RoleBinding without a namespace is in the binding's own. */
const isSubject = (
  subject: JsonObject,
  { username, groups }: User,
  namespace: string | undefined,
): boolean => {
  const name = textAt(subject, 'name') ?? '';
  switch (subject['kind']) {
    case 'User':
      return name === username;
    case 'Group':
      return groups.includes(name);
    case 'ServiceAccount':
      return `system:serviceaccount:${textAt(subject, 'namespace') ?? namespace}:${name}` === username;
    default:
      return false;
  }
};

const describe = (subject: JsonObject, namespace: string | undefined): string => {
  const [kind, name] = [textAt(subject, 'kind'), textAt(subject, 'name')];
  const place = kind === 'ServiceAccount' ? `/${textAt(subject, 'namespace') ?? namespace}` : '';
  return `${kind} "${name}${place}"`;
};

const allowedBy = (binding: ApiObject, subject: JsonObject): string => {
  const { name, namespace } = binding.metadata;
  const place = namespace === undefined ? '' : `/${namespace}`;
  const [kind, role] = [textAt(binding, 'roleRef', 'kind'), textAt(binding, 'roleRef', 'name')];
  return `RBAC: allowed by ${binding.kind} "${name}${place}" of ${kind} "${role}" to ${describe(subject, namespace)}`;
};

const missingRole = (binding: ApiObject): string => {
  const [kind = '', name] = [textAt(binding, 'roleRef', 'kind'), textAt(binding, 'roleRef', 'name')];
  return `${kind.toLowerCase()}.${RBAC} "${name}" not found`;
};

/** The sentence of an aggregate of errors: each once. */
const together = (faults: string[]): string => {
  const [first, ...others] = new Set(faults);
  if (first === undefined) return '';
  return `RBAC: ${others.length === 0 ? first : `[${[first, ...others].join(', ')}]`}`;
};

const refusal = ({ username }: User, { verb, resource, path }: Access, reason: string): ApiError => {
  const why = reason === '' ? '' : `: ${reason}`;
  if (!resource)
    return new ApiError(
      403,
      'Forbidden',
      `forbidden: User "${username}" cannot ${verb} path "${path}"${why}`,
      {},
    );
  const { group, plural, subresource, namespace, name } = resource;
  const what = subresource === undefined ? plural : `${plural}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return new ApiError(
    403,
    'Forbidden',
    `${groupResource(resource)}${name === undefined ? '' : ` "${name}"`} is forbidden: ` +
      `User "${username}" cannot ${verb} resource "${what}" in API group "${group}" ${where}${why}`,
    { ...(name !== undefined && { name }), ...(group !== '' && { group }), kind: plural },
  );
};

const WRITES = ['create', 'update', 'patch'];

/** Kubernetes lets nobody give rights that they have not: that check is not done here. */
const checkEscalation = ({ groups }: User, { verb, resource }: Access): void => {
  if (resource?.group !== RBAC || !WRITES.includes(verb) || groups.includes(MASTERS)) return;
  throw notImplemented('writing roles and bindings without being in system:masters is');
};

export const createAuthorizer = (store: Store): Authorizer => {
  const roleOf = (binding: ApiObject): ApiObject | undefined => {
    const [kind, name = ''] = [textAt(binding, 'roleRef', 'kind'), textAt(binding, 'roleRef', 'name')];
    return kind === 'ClusterRole'
      ? store.get(`${RBAC}/clusterroles`, keyOf(undefined, name))
      : store.get(`${RBAC}/roles`, keyOf(binding.metadata.namespace, name));
  };

  const bindingsIn = (namespace: string | undefined): ApiObject[] => [
    ...store.list(`${RBAC}/clusterrolebindings`),
    ...store
      .list(`${RBAC}/rolebindings`)
      .filter(({ metadata }) => namespace !== undefined && metadata.namespace === namespace),
  ];

  /** Why this binding allows it; or which role of it is missing. */
  const consult = (binding: ApiObject, user: User, access: Access): { reason?: string; missing?: string } => {
    const subject = objectsAt(binding, 'subjects').find((one) =>
      isSubject(one, user, binding.metadata.namespace),
    );
    if (!subject) return {};
    const role = roleOf(binding);
    if (!role) return { missing: missingRole(binding) };
    const isAllowed = objectsAt(role, 'rules').some((rule) => allows(rule, access));
    return isAllowed ? { reason: allowedBy(binding, subject) } : {};
  };

  const decide = (user: User, access: Access): Decision => {
    if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
    const missingRoles: string[] = [];
    for (const binding of bindingsIn(access.resource?.namespace)) {
      const { reason, missing } = consult(binding, user, access);
      if (reason !== undefined) return { allowed: true, reason };
      if (missing !== undefined) missingRoles.push(missing);
    }
    return { allowed: false, reason: together(missingRoles) };
  };

  return {
    decide,
    check(user, access) {
      const { allowed, reason } = decide(user, access);
      if (!allowed) throw refusal(user, access, reason);
      checkEscalation(user, access);
    },
  };
};
