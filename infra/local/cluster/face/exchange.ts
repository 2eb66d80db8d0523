/** One request on its way through the face. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../../shared/io/ports.ts';
import { badRequest, methodNotAllowed } from '../api/errors.ts';
import type { ApiRequest, ApiServer, KubeletEndpoint } from '../api/types.ts';
import type { User } from './tokens.ts';

/** What stands behind the face. */
export interface Backend {
  api: ApiServer;
  /** The node's endpoint for logs and exec; `undefined` while there is no node. */
  kubelet: () => KubeletEndpoint | undefined;
  clock: Clock;
}

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** As sent: percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  user: User;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Throws an ApiError 405 for a method that the Kubernetes API does not have. */
export const methodOf = (request: IncomingMessage): ApiRequest['method'] => {
  const method = METHODS.find((candidate) => candidate === request.method);
  if (!method) throw methodNotAllowed();
  return method;
};

export const urlOf = (request: IncomingMessage): URL => {
  const url = URL.parse(request.url ?? '', 'https://localhost');
  if (!url) throw badRequest(`the request target ${request.url} is not a URL path`);
  return url;
};

/** A repeated parameter counts once: the API takes none of them as a list, but for `command` of exec. */
export const queryOf = (query: URLSearchParams): Record<string, string> => Object.fromEntries(query);

/** The request without headers and body, which is all that its rights depend on. */
export const requestOf = ({ request, path, query, user }: Exchange): ApiRequest => ({
  method: methodOf(request),
  path,
  query: queryOf(query),
  user,
});

/** `true` and `1` as Go's strconv.ParseBool takes them. */
export const isSet = (query: URLSearchParams, name: string): boolean =>
  ['1', 't', 'T', 'true', 'True', 'TRUE'].includes(query.get(name) ?? '');

/** A whole number >= 0; `undefined` if it is not there. Throws an ApiError 400 for anything else. */
export const numberOf = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`${name}: Invalid value: "${text}": must be a whole number`);
  return Number(text);
};
