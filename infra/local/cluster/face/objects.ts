/** Everything that is one request to the API core and one answer, in the representation that the client asked for. */
import type { KubernetesObject } from '../../../../shared/model/kubernetes.ts';
import type { ApiRequest, ApiResponse } from '../api/types.ts';
import { negotiate, type Representation } from './accept.ts';
import { contentType, readBody } from './body.ts';
import { type Backend, type Exchange, methodOf, queryOf } from './exchange.ts';
import { parseIncludeObject, toTable } from './table/table.ts';

/** The API core makes PartialObjectMetadata itself; tables are made here, from whole objects. */
export const acceptFor = (representation: Representation): string =>
  representation.kind === 'metadata' ? representation.accept : 'application/json';

const isObject = (body: unknown): body is KubernetesObject =>
  typeof body === 'object' && body !== null && 'kind' in body && body.kind !== 'Status' && 'metadata' in body;

const asTable = (backend: Backend, query: URLSearchParams, answer: ApiResponse): ApiResponse => {
  if (!isObject(answer.body)) return answer;
  const includeObject = parseIncludeObject(query.get('includeObject'));
  const options = { resources: backend.api.resources(), includeObject, now: backend.clock.now() };
  const { table, warnings } = toTable(answer.body, options);
  return { ...answer, body: table, warnings: [...(answer.warnings ?? []), ...warnings] };
};

const apiRequest = async ({ request, path, query, user }: Exchange, accept: string): Promise<ApiRequest> => ({
  method: methodOf(request),
  path,
  query: queryOf(query),
  headers: {
    accept,
    'content-type': contentType(request),
    'user-agent': request.headers['user-agent'] ?? '',
  },
  body: await readBody(request),
  user,
});

export const answerObject = async (backend: Backend, exchange: Exchange): Promise<ApiResponse> => {
  const representation = negotiate(exchange.request.headers.accept);
  const answer = await backend.api.handle(await apiRequest(exchange, acceptFor(representation)));
  return representation.kind === 'table' ? asTable(backend, exchange.query, answer) : answer;
};
