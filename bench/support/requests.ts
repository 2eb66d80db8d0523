/** Counts the requests of this process to the API server, beneath the real client: by kind, with the bytes that came. */
import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Requests } from './messages.ts';

const VERBS: Record<string, string> = { POST: 'create', PUT: 'replace', PATCH: 'patch', DELETE: 'delete' };

const MOVES = ['patch pods', 'create pods/eviction', 'delete pods'];

/** Which of the lists it is: `page` is a further one of the same list. */
const listKind = (query: URLSearchParams, accept: string): string => {
  if (query.has('fieldSelector')) return 'look up';
  const what = query.has('continue') ? 'page' : 'list';
  return accept.includes('PartialObjectMetadata') ? `${what} metadata of` : what;
};

const resourceOf = (segments: string[]): { resource: string; isNamed: boolean } => {
  const own = segments[0] === 'namespaces' && segments.length > 2 ? segments.slice(2) : segments;
  const [plural = '', name, subresource] = own;
  return {
    resource: subresource === undefined ? plural : `${plural}/${subresource}`,
    isNamed: name !== undefined,
  };
};

/** `list pods`, `page pods`, `look up pods`, `get sidecarsets`, `patch pods/status` ... */
export const kindOf = (method: string, target: string, accept = ''): string => {
  const { pathname, searchParams } = new URL(target, 'https://api');
  const segments = pathname.split('/').slice(1);
  const { resource, isNamed } = resourceOf(segments.slice(segments[0] === 'api' ? 2 : 3));
  const verb = VERBS[method] ?? (isNamed ? 'get' : listKind(searchParams, accept));
  return `${verb} ${resource}`;
};

/** What one run has done. */
export interface Run {
  moves: number;
}

export interface Counter {
  /** Attributes the requests of `work` to a run of its own. */
  inRun<T>(work: (run: Run) => Promise<T>): Promise<T>;
  /** Since the last call. */
  take(): Requests;
}

/** Bytes that a connection has brought up to the end of its last answer. */
const read = new WeakMap<Socket, number>();

/** Decrypted bytes of the answer, with its headers: a connection carries one request at a time. */
const bytesSince = (socket: Socket): number => {
  const bytes = socket.bytesRead - (read.get(socket) ?? 0);
  read.set(socket, socket.bytesRead);
  return bytes;
};

export const countRequests = (): Counter => {
  const runs = new AsyncLocalStorage<Run>();
  const runOf = new WeakMap<ClientRequest, Run>();
  let requests: Requests = {};

  diagnostics.subscribe('http.client.request.created', (message) => {
    const run = runs.getStore();
    if (run) runOf.set((message as { request: ClientRequest }).request, run);
  });
  diagnostics.subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const kind = kindOf(request.method, request.path, String(request.getHeader('accept') ?? ''));
    const isRefused = (response.statusCode ?? 0) >= 400;
    requests[kind] ??= { calls: 0, bytes: 0, refused: 0 };
    const counts = requests[kind];
    counts.calls += 1;
    if (isRefused) counts.refused += 1;
    const run = runOf.get(request);
    if (run && !isRefused && MOVES.includes(kind)) run.moves += 1;
    const { socket } = response;
    response.once('end', () => {
      counts.bytes += bytesSince(socket);
    });
  });

  return {
    inRun(work) {
      const run: Run = { moves: 0 };
      return runs.run(run, () => work(run));
    },
    take() {
      const taken = requests;
      requests = {};
      return taken;
    },
  };
};
