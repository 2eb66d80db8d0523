/** Other users than the administrator, and the rights that they get. */
import { expect } from 'vitest';
import { type Answer, type Json, type Request, removeAtEnd, server } from './api.ts';
import { type Api, eventually, type Sabotage } from './contract.ts';

export const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** The administrator is who sends: without these headers nothing is refused. */
export const TRUSTING: Sabotage = {
  behaviour: 'takes everybody for the administrator',
  request: (request) => ({
    ...request,
    headers: Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !name.startsWith('impersonate-')),
    ),
  }),
};

export type Who = Record<string, string>;
export type Wanted = Pick<Request, 'method' | 'path'> & Partial<Request>;

export const as = (username: string, group?: string): Who => ({
  'impersonate-user': username,
  ...(group !== undefined && { 'impersonate-group': group }),
});

export const send = (api: Api, who: Who, wanted: Wanted): Promise<Answer> =>
  api.send({ query: {}, ...wanted, headers: who });

export const get = (path: string, query: Record<string, string> = {}): Wanted => ({
  method: 'GET',
  path,
  query,
});
export const request = (method: Request['method'], path: string, body?: unknown): Wanted => ({
  method,
  path,
  body,
});

/** On a real API server roles hold some moments after they were written. */
export const soon = async (look: () => Promise<boolean>): Promise<void> => {
  if (server.kind === 'real') await eventually(look);
  expect(await look()).toBe(true);
};

/** Creates it; it goes with the test. */
export const create = async (api: Api, plural: string, name: string, content: Json, namespace?: string) => {
  const collection = `${RBAC}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
  await api.surePost(collection, { metadata: { name }, ...content });
  removeAtEnd(`${collection}/${name}`);
};

export const podsOf = (namespace: string, rest = ''): Wanted =>
  get(`/api/v1/namespaces/${namespace}/pods${rest}`);
