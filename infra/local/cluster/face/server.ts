/** The HTTPS face of the embedded API server: what kubectl and client libraries talk to. Loopback only. */
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SetupError } from '../../setupError.ts';
import { notImplemented } from '../api/errors.ts';
import { ApiError } from '../api/types.ts';
import { send, sendFault } from './answers.ts';
import { document, openDocument } from './documents.ts';
import { type Backend, type Exchange, urlOf } from './exchange.ts';
import { createExec, refuseExec } from './exec.ts';
import { streamLogs } from './logs.ts';
import { answerObject } from './objects.ts';
import { podSubresource } from './podTarget.ts';
import { createAuthenticator, type User } from './tokens.ts';
import { isWatch, streamWatch } from './watch.ts';

export interface FaceOptions extends Backend {
  /** PEM. */
  tls: { key: string; cert: string };
  /** 0 takes a free one. */
  port: number;
  tokens: Map<string, User>;
}

export interface Face {
  /** `https://127.0.0.1:<port>` */
  url: string;
  /** Ends every open watch, log and connection at once. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Clients keep connections; one that the server gives up first is a lost request. */
const KEEP_ALIVE_MILLISECONDS = 5 * 60_000;

const route = async (backend: Backend, exchange: Exchange): Promise<void> => {
  const { request, response, path } = exchange;
  const found = request.method === 'GET' && document(backend, path, request.headers.accept);
  if (found) return send(response, found);
  const pod = podSubresource(path);
  if (pod?.subresource === 'log') return streamLogs(backend, exchange, pod);
  if (pod?.subresource === 'exec') return refuseExec(backend, exchange, pod);
  if (isWatch(exchange)) return streamWatch(backend, exchange);
  return send(response, await answerObject(backend, exchange));
};

type Authenticate = (request: IncomingMessage, response: ServerResponse) => Exchange;

/** Throws an ApiError 401 if the request carries no known token. */
const createAuthenticate = (tokens: Map<string, User>): Authenticate => {
  const userOf = createAuthenticator(tokens);
  return (request, response) => {
    const { pathname: path, searchParams: query } = urlOf(request);
    const user = userOf(request.headers);
    if (!user) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
    return { request, response, path, query, user };
  };
};

const createRequestHandler =
  (backend: Backend, authenticate: Authenticate) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const open = request.method === 'GET' && openDocument(urlOf(request).pathname);
      if (open) send(response, open);
      else await route(backend, authenticate(request, response));
    } catch (fault) {
      sendFault(response, fault);
    }
  };

/** Answers a connection that asked for an upgrade and does not get it. */
const refuseUpgrade = (response: ServerResponse, socket: Duplex, fault: unknown): void => {
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => socket.end());
  sendFault(response, fault);
};

const createUpgradeHandler = (backend: Backend, authenticate: Authenticate) => {
  const exec = createExec(backend);
  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    try {
      const exchange = authenticate(request, response);
      const pod = podSubresource(exchange.path);
      if (pod?.subresource !== 'exec') throw notImplemented(`an upgrade of ${exchange.path} is`);
      await exec(exchange, pod, { socket, head });
    } catch (fault) {
      refuseUpgrade(response, socket, fault);
    }
  };
};

const listen = (server: Server, port: number): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (fault: NodeJS.ErrnoException) =>
      reject(
        fault.code === 'EADDRINUSE'
          ? new SetupError(
              `port ${port} is in use: end the program that listens on it, or choose another port`,
              {
                cause: fault,
              },
            )
          : fault,
      ),
    );
    server.listen(port, HOST, () => resolve(server.address() as AddressInfo));
  });

/** Every connection, upgraded ones too: the server itself forgets those. */
const trackConnections = (server: Server): Set<Socket> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
};

/** Rejects with a SetupError that names the port if it is in use. */
export const startFace = async ({ tls, port, tokens, ...backend }: FaceOptions): Promise<Face> => {
  const server = createServer({ ...tls, keepAliveTimeout: KEEP_ALIVE_MILLISECONDS });
  const authenticate = createAuthenticate(tokens);
  server.on('request', createRequestHandler(backend, authenticate));
  server.on('upgrade', createUpgradeHandler(backend, authenticate));
  const sockets = trackConnections(server);
  const address = await listen(server, port);
  return {
    url: `https://${HOST}:${address.port}`,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
};
