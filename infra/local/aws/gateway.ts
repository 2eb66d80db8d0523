/** API Gateway's HTTP API: from a route to a function and back. Paths hold tokens, so none is logged. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../shared/io/ports.ts';
import type { Host } from './host.ts';
import { httpEvent, httpReply, message, splitUrl } from './httpEvent.ts';
import { type Listener, listen, type Reply } from './listen.ts';
import type { Route, Wiring } from './wiring/types.ts';

export interface GatewayOptions {
  wiring: Wiring;
  host: Host;
  clock: Clock;
  tls: { key: string; cert: string };
  /** 127.0.0.1 without it. */
  address?: string;
  port: number;
}

interface Found {
  functionName: string;
  route: Route;
  pathParameters: Record<string, string>;
}

const MOST_BYTES = 10 * 1024 * 1024;

const decoded = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/** The parameters of a path on a route, or `undefined` if it is another route's. */
const parametersOf = (route: Route, path: string): Record<string, string> | undefined => {
  const [wanted, given] = [route.path.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = decoded(given[index] ?? '');
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name !== undefined && value) parameters[name] = value;
    else if (segment !== value) return undefined;
  }
  return parameters;
};

/** Of several routes that fit, the one with the fewest parameters: it says most. */
const findRoute = ({ functions }: Wiring, method: string, path: string): Found | undefined =>
  functions
    .flatMap(({ name, routes }) => routes.map((route) => ({ functionName: name, route })))
    .filter(({ route }) => route.method === method || route.method === 'ANY')
    .flatMap((candidate) => {
      const pathParameters = parametersOf(candidate.route, path);
      return pathParameters ? [{ ...candidate, pathParameters }] : [];
    })
    .sort((a, b) => Object.keys(a.pathParameters).length - Object.keys(b.pathParameters).length)[0];

/** 404 without a route, 413 above 10 MB, 503 for a function that is not started, 500 when it fails. */
export const startGateway = ({
  wiring,
  host,
  clock,
  tls,
  address,
  port,
}: GatewayOptions): Promise<Listener> => {
  const answer = async (request: IncomingMessage, body: Buffer | undefined): Promise<Reply> => {
    if (body === undefined) return message(413, 'Request Entity Too Large');
    const { path } = splitUrl(request.url ?? '/');
    const found = findRoute(wiring, request.method ?? 'GET', path);
    if (!found) return message(404, 'Not Found');
    if (!host.has(found.functionName)) return message(503, 'Service Unavailable');
    const { route, pathParameters, functionName } = found;
    const call = { request, body, route, pathParameters, requestId: randomUUID(), time: clock.now() };
    const event = httpEvent({ ...call, accountId: wiring.accountId });
    const result = await host.invoke(functionName, event, 'route');
    return result.succeeded ? httpReply(result.value) : message(500, 'Internal Server Error');
  };
  return listen({ address, port, tls, answer, mostBytes: MOST_BYTES });
};
