/** A small HTTP or HTTPS server, on the loopback interface unless it is told another. */
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, isIPv6 } from 'node:net';
import { finished } from 'node:stream/promises';
import { SetupError } from '../setupError.ts';

export interface Listener {
  /** E.g. `https://127.0.0.1:41234`. */
  url: string;
  /** Takes no new connections; requests under way go on. */
  stopListening(): void;
  /** Until every request under way has its answer. */
  answered(): Promise<void>;
  /** Ends every connection, answered or not. */
  close(): Promise<void>;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}

export interface ListenOptions {
  /** IP address or host name of this machine; 127.0.0.1 without it. */
  address?: string;
  /** 0 for any free port. */
  port: number;
  /** PEM; without it plain HTTP is spoken. */
  tls?: { key: string; cert: string };
  /** Gets the whole body, or `undefined` if it is longer than `mostBytes`: what is beyond is not read. */
  answer: (request: IncomingMessage, body: Buffer | undefined) => Promise<Reply>;
  mostBytes: number;
}

const LOOPBACK = '127.0.0.1';

/** Clients keep connections; one that the server gives up first is a lost request, and a lost request a lost event. */
const KEEP_ALIVE_MILLISECONDS = 5 * 60_000;

/** How long a client whose body was too long has to read the answer, before its connection ends. */
const LINGER_MILLISECONDS = 500;

/** The rest of the body is still on its way: the connection can't be used again. */
const endUnread = (request: IncomingMessage, response: ServerResponse): void => {
  request.pause();
  response.once('finish', () => {
    const patience = setTimeout(() => request.destroy(), LINGER_MILLISECONDS);
    request.once('close', () => clearTimeout(patience));
  });
};

const readBody = (
  request: IncomingMessage,
  response: ServerResponse,
  mostBytes: number,
): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request
      .on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= mostBytes) return void chunks.push(chunk);
        endUnread(request, response);
        resolve(undefined);
      })
      .once('end', () => resolve(Buffer.concat(chunks)))
      .once('error', reject);
  });

const send = (response: ServerResponse, { status, headers, body }: Reply): void => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
};

const whyNot = ({ code, message }: NodeJS.ErrnoException, host: string, port: number): string => {
  if (code === 'EADDRINUSE') return `port ${port} is in use`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is no address of this machine`;
  return `port ${port} can't be used: ${message}`;
};

const listening = (server: Server, host: string, port: number): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new SetupError(whyNot(cause, host, port), { cause }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address);
    });
  });

/** Rejects if the port can't be had. A fault of `answer` is answered 500. */
export const listen = async (options: ListenOptions): Promise<Listener> => {
  const { tls, address = LOOPBACK, port, answer, mostBytes } = options;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      send(response, await answer(request, await readBody(request, response, mostBytes)));
    } catch (fault) {
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, { status: 500, headers: {}, body: fault instanceof Error ? fault.message : '' });
    }
  };
  const underWay = new Set<Promise<void>>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const gone = finished(response).catch(() => undefined);
    underWay.add(gone);
    void gone.then(() => underWay.delete(gone));
    void serve(request, response);
  };
  const kept = { keepAliveTimeout: KEEP_ALIVE_MILLISECONDS };
  const server = tls ? createHttps({ ...tls, ...kept }, onRequest) : createHttp(kept, onRequest);
  const bound = await listening(server, address, port);
  const host = isIPv6(address) ? `[${address}]` : address;
  const closed = new Promise<void>((resolve) => void server.once('close', resolve));
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${bound.port}`,
    stopListening: () => void server.close(),
    answered: async () => void (await Promise.all(underWay)),
    close() {
      server.close();
      server.closeAllConnections();
      return closed;
    },
  };
};
