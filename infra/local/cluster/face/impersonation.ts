/** Acting as somebody else (`Impersonate-User`, `Impersonate-Group`), for whoever may. */
import type { IncomingHttpHeaders } from 'node:http';
import { internal, notImplemented } from '../api/errors.ts';
import type { AccessedResource, ApiServer, User } from '../api/types.ts';

const PREFIX = 'impersonate-';
const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;
const ANONYMOUS = 'system:anonymous';

/** Node joins a header that comes more than once; a group's name has no comma. */
const valuesOf = (headers: IncomingHttpHeaders, name: string): string[] =>
  [headers[`${PREFIX}${name}`] ?? []].flat().flatMap((value) => value.split(',').map((part) => part.trim()));

const refuseOthers = (headers: IncomingHttpHeaders): void => {
  const other = Object.keys(headers).find(
    (name) => name.startsWith(PREFIX) && name !== `${PREFIX}user` && name !== `${PREFIX}group`,
  );
  if (other !== undefined) throw notImplemented(`the header ${other} is`);
};

/** A user without groups gets those that a token of theirs would bring along. */
const impliedGroups = (username: string): string[] => {
  const namespace = ACCOUNT.exec(username)?.[1];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
};

const userResource = (username: string): AccessedResource => {
  const [, namespace, name] = ACCOUNT.exec(username) ?? [];
  if (namespace === undefined || name === undefined) return { group: '', plural: 'users', name: username };
  return { group: '', plural: 'serviceaccounts', namespace, name };
};

/**
 * Who the request is to be taken for; the user itself without such headers. Throws an ApiError: 403 for who may not
 * `impersonate`, 501 for a uid or extra values, 500 for groups without a user.
 */
export const impersonated = (api: ApiServer, user: User, headers: IncomingHttpHeaders): User => {
  refuseOthers(headers);
  const username = [headers[`${PREFIX}user`]].flat()[0];
  const groups = valuesOf(headers, 'group');
  if (username === undefined) {
    if (groups.length === 0) return user;
    throw internal('groups are to be impersonated without a user');
  }
  const wanted = [
    userResource(username),
    ...groups.map((name): AccessedResource => ({ group: '', plural: 'groups', name })),
  ];
  for (const resource of wanted) api.authorize(user, { verb: 'impersonate', resource, path: '' });
  const known = username === ANONYMOUS ? 'system:unauthenticated' : 'system:authenticated';
  const all = [...(groups.length > 0 ? groups : impliedGroups(username)), known];
  return { username, groups: [...new Set(all)] };
};
