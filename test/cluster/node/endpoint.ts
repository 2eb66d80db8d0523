/** A node's TLS endpoint, where kube-apiserver asks a kubelet for exec and logs. Only its client certificate is let in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { ApiError, type KubeletEndpoint, type PodKey } from '../../../infra/local/cluster/api/types.ts';
import { endStatus } from '../../../infra/local/cluster/face/exec.ts';
import { openStreams, type StreamType } from './execStreams.ts';

export interface EndpointOptions {
  /** PEM; `ca` is the authority that must have signed the caller's certificate. */
  tls: { key: string; cert: string; ca: string };
  /** Common name that the caller's certificate must have. */
  caller: string;
  /** The node, once it runs. */
  kubelet: () => KubeletEndpoint | undefined;
  /** `undefined` if there is no such Pod. */
  findPod(namespace: string, name: string): Promise<PodKey | undefined>;
}

export interface Endpoint {
  port: number;
  /** Ends every connection at once, in the middle of whatever travels on it. */
  dropConnections(): void;
  /** As `dropConnections`, and nobody is answered any more. */
  close(): Promise<void>;
}

interface Target {
  kubelet: KubeletEndpoint;
  pod: PodKey;
  container: string;
  query: URLSearchParams;
}

/** `/exec/NAMESPACE/POD/CONTAINER`, `/containerLogs/...` */
const parse = (request: IncomingMessage) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://node');
  const [, verb = '', namespace = '', name = '', container = ''] = pathname
    .split('/')
    .map(decodeURIComponent);
  return { verb, namespace, name, container, query: searchParams };
};

const isSet = (query: URLSearchParams, name: string): boolean =>
  ['1', 'true'].includes(query.get(name) ?? '');

const fault = (reason: unknown): { code: number; text: string } =>
  reason instanceof ApiError
    ? { code: reason.code, text: reason.message }
    : { code: 500, text: reason instanceof Error ? reason.message : String(reason) };

const targetOf = async (
  { caller, kubelet, findPod }: EndpointOptions,
  request: IncomingMessage,
  verb: string,
): Promise<Target> => {
  const certificate = (request.socket as TLSSocket).getPeerCertificate();
  if (certificate.subject.CN !== caller) throw new ApiError(403, 'Forbidden', 'Forbidden');
  const asked = parse(request);
  if (asked.verb !== verb) throw new ApiError(404, 'NotFound', '404 page not found');
  const [node, pod] = [kubelet(), await findPod(asked.namespace, asked.name)];
  if (node === undefined || pod === undefined) throw new ApiError(404, 'NotFound', 'pod does not exist');
  return { kubelet: node, pod, container: asked.container, query: asked.query };
};

const sendLogs = async (target: Target, response: ServerResponse): Promise<void> => {
  const { kubelet, pod, container, query } = target;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const options = {
    follow: isSet(query, 'follow'),
    previous: isSet(query, 'previous'),
    tailLines: query.has('tailLines') ? Number(query.get('tailLines')) : undefined,
    signal: gone.signal,
  };
  for await (const text of kubelet.logs(pod, container, options)) {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
    response.write(text);
  }
  response.end();
};

const internalError = (reason: unknown): object => {
  const { text } = fault(reason);
  return { metadata: {}, status: 'Failure', reason: 'InternalError', message: text, code: 500 };
};

const exec = async (
  { kubelet, pod, container, query }: Target,
  upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
): Promise<void> => {
  if (isSet(query, 'input') || isSet(query, 'tty')) {
    throw new ApiError(501, 'NotImplemented', 'stdin and terminals are not supported by the local node');
  }
  const outputs = (['stdout', 'stderr'] as const).filter((type) =>
    isSet(query, type === 'stdout' ? 'output' : 'error'),
  );
  const expected: StreamType[] = ['error', ...outputs];
  const opening = openStreams(upgrade, expected);
  if (opening === undefined) throw new ApiError(400, 'BadRequest', 'Upgrade request required');
  const streams = await opening;
  try {
    const output = await kubelet.exec(pod, container, query.getAll('command'));
    for (const type of outputs) if (output[type] !== '') streams.write(type, output[type]);
    streams.write('error', JSON.stringify(endStatus(output.exitCode)));
  } catch (reason) {
    streams.write('error', JSON.stringify(internalError(reason)));
  }
  streams.end();
};

const refuse = (socket: Duplex, reason: unknown): void => {
  const { code, text } = fault(reason);
  const length = Buffer.byteLength(text);
  socket.end(
    `HTTP/1.1 ${code} Refused\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${text}`,
  );
};

export const startEndpoint = async (options: EndpointOptions): Promise<Endpoint> => {
  const server = createServer({ ...options.tls, requestCert: true, rejectUnauthorized: true });
  const sockets = new Set<Duplex>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  server.on('request', (request, response) => {
    targetOf(options, request, 'containerLogs')
      .then((target) => sendLogs(target, response))
      .catch((reason: unknown) => {
        const { code, text } = fault(reason);
        if (response.headersSent) response.destroy();
        else response.writeHead(code, { 'content-type': 'text/plain' }).end(text);
      });
  });
  server.on('upgrade', (request, socket, head) => {
    targetOf(options, request, 'exec')
      .then((target) => exec(target, { request, socket, head }))
      .catch((reason: unknown) => refuse(socket, reason));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    dropConnections,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      dropConnections();
      return closed;
    },
  };
};
