/** HTTPS to an API server as one of its users: answers as JSON, watches as lines. */
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Transport, TransportRequest } from '../../../shared/io/cluster/transport.ts';
import { ClusterError } from '../../../shared/io/ports.ts';

export interface Access {
  /** `https://127.0.0.1:6443` */
  url: string;
  /** PEM of the authority that issued the server's certificate. */
  ca: string;
  /** A bearer token, or a client certificate (PEM). */
  credentials: { token: string } | { key: string; cert: string };
}

export interface Connection {
  send: Transport;
  /**
   * Reads an answer line by line until it ends, or rejects: a ClusterError with the API server's code, or of code 0
   * when the connection breaks. An aborted signal ends it without an error.
   */
  lines(wanted: TransportRequest, signal: AbortSignal, onLine: (line: string) => void): Promise<void>;
  close(): void;
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const broken = ({ method, path }: TransportRequest, cause: unknown): ClusterError =>
  new ClusterError(0, 'NoAnswer', `${method} ${path}: no answer: ${String(cause)}`, { cause });

/** Rejects with what `onLine` throws, or when the stream breaks. */
const eachLine = async (stream: IncomingMessage, onLine: (line: string) => void): Promise<void> => {
  let rest = '';
  for await (const text of stream.setEncoding('utf8')) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
};

export const connect = ({ url, ca, credentials }: Access): Connection => {
  const [headers, certificate] =
    'token' in credentials ? [{ authorization: `Bearer ${credentials.token}` }, {}] : [{}, credentials];
  const agent = new Agent({ keepAlive: true, ca, ...certificate });
  const open = (wanted: TransportRequest, signal?: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const target = new URL(wanted.path, url);
      target.search = new URLSearchParams(wanted.query).toString();
      const body = wanted.body === undefined ? undefined : JSON.stringify(wanted.body);
      // Node does not say by itself how long the body of a DELETE is.
      const length = body !== undefined && { 'content-length': Buffer.byteLength(body) };
      request(target, {
        agent,
        signal,
        method: wanted.method,
        headers: { 'content-type': 'application/json', ...length, ...headers, ...wanted.headers },
      })
        .on('response', resolve)
        .on('error', (cause) => reject(broken(wanted, cause)))
        .end(body);
    });
  return {
    async send(wanted) {
      const response = await open(wanted);
      return { status: response.statusCode ?? 0, body: parsed(await text(response)) };
    },
    async lines(wanted, signal, onLine) {
      let response: IncomingMessage | undefined;
      try {
        response = await open(wanted, signal);
        if (response.statusCode !== 200) {
          throw new ClusterError(response.statusCode ?? 0, '', `${wanted.path}: ${await text(response)}`);
        }
        await eachLine(response, onLine).catch((fault: unknown) => {
          throw fault instanceof ClusterError ? fault : broken(wanted, fault);
        });
      } catch (fault) {
        if (!signal.aborted) throw fault;
      } finally {
        response?.destroy();
      }
    },
    close: () => agent.destroy(),
  };
};
