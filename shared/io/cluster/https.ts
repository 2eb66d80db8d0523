/** HTTP to the API server, with what Node brings along: loading it is a tenth of what a Kubernetes client costs. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { ClusterError } from '../ports.ts';
import type { ClusterAccess } from './access.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

/** A connection that is silent for so long has no answer. */
const SILENCE_MILLISECONDS = 10_000;

interface Call extends RequestOptions {
  body: string | undefined;
}

/** Node's own code (`ECONNREFUSED`), the only text that a failure to connect to every address has. */
const nodeCode = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault ? String(fault.code) : '';

const messageOf = (fault: unknown): string =>
  fault instanceof Error ? fault.message || nodeCode(fault) : String(fault);

const noAnswer = ({ method, path }: TransportRequest, cause: unknown): ClusterError =>
  new ClusterError(0, 'NoAnswer', `${method} ${path}: no answer: ${messageOf(cause)}`, { cause });

const parseBody = (text: string, contentType: string | undefined): unknown => {
  if (contentType?.startsWith('application/json') !== true) return text;
  return text === '' ? undefined : JSON.parse(text);
};

const singleValues = (headers: IncomingMessage['headers']): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

const read = async (response: IncomingMessage): Promise<TransportResponse> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const body = parseBody(Buffer.concat(chunks).toString('utf8'), response.headers['content-type']);
  return { status: response.statusCode ?? 0, body, headers: singleValues(response.headers) };
};

const send = ({ body, ...options }: Call): { sent: ClientRequest; answer: Promise<IncomingMessage> } => {
  const sent = request(options);
  sent.on('timeout', () => sent.destroy(new Error(`silent for ${options.timeout} ms`)));
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
  });
  sent.end(body);
  return { sent, answer };
};

/**
 * A read on a kept connection that the other side has closed meanwhile (a frozen function wakes up to one) is sent
 * once more. A write is not: it may have taken effect.
 */
const sendOnceMore = async (call: Call): Promise<IncomingMessage> => {
  const { sent, answer } = send(call);
  try {
    return await answer;
  } catch (fault) {
    const closed = sent.reusedSocket && nodeCode(fault) === 'ECONNRESET';
    if (call.method !== 'GET' || !closed) throw fault;
    return send(call).answer;
  }
};

/**
 * JSON over HTTPS on kept connections, with the cluster's own authority.
 * Rejects with a ClusterError of code 0 when there is no answer, a broken one, or silence for 10 s.
 */
export const createHttpsTransport = (
  { endpoint, ca, token }: ClusterAccess,
  silenceMilliseconds = SILENCE_MILLISECONDS,
): Transport => {
  const base = new URL(endpoint);
  const agent = new Agent({ ca, keepAlive: true });
  const prefix = base.pathname.replace(/\/$/, '');

  const callOf = (wanted: TransportRequest): Call => {
    const body = wanted.body === undefined ? undefined : JSON.stringify(wanted.body);
    const query = new URLSearchParams(wanted.query).toString();
    return {
      agent,
      hostname: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port || 443,
      method: wanted.method,
      path: `${prefix}${wanted.path}${query && `?${query}`}`,
      timeout: silenceMilliseconds,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
        }),
        ...wanted.headers,
      },
      body,
    };
  };

  return async (wanted) => {
    try {
      return await read(await sendOnceMore(callOf(wanted)));
    } catch (fault) {
      throw noAnswer(wanted, fault);
    }
  };
};
