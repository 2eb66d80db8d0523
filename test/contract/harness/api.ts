/** The Kubernetes API as a contract case uses it: over HTTPS, nothing hidden. */
import { spawn } from 'node:child_process';
import { Agent, request as httpsRequest } from 'node:https';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { inject, onTestFinished } from 'vitest';
import type { Answered, Failure, Json } from '../../support/kubernetesApi.ts';

export type { Answered, Json };

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The body: an object, or text where it is not JSON. */
  object: Answered;
  /** The same body read as `kind: Status`. */
  failure: Failure;
}

export interface Event {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: Answered;
}

export interface Output {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const server = inject('server');

const agent = new Agent({ keepAlive: true, ca: server.ca });

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const open = ({ method, path, query, headers, body }: Request) => {
  const url = new URL(path, server.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const request = httpsRequest(url, {
    method,
    agent,
    headers: {
      authorization: `Bearer ${server.token}`,
      // Without a length Node sends a DELETE's body as if there were none.
      ...(content !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(content),
      }),
      ...headers,
    },
  });
  request.end(content);
  return request;
};

/** Sends a request; rejects only where there is no answer. */
export const exchange = (request: Request): Promise<Answer> =>
  new Promise((resolve, reject) => {
    open(request)
      .on('error', reject)
      .on('response', (response) => {
        text(response).then((body) => {
          const value = parsed(body);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            object: value as Answered,
            failure: value as Answer['failure'],
          });
        }, reject);
      });
  });

/** Opens a watch; the returned function ends it. Rejects with the answer's text if it can't start. */
export const openWatch = (request: Request, onEvent: (event: Event) => void): Promise<() => void> =>
  new Promise((resolve, reject) => {
    const stream = open(request)
      .on('error', reject)
      .on('response', (response) => {
        if (response.statusCode !== 200) {
          text(response).then((body) => reject(new Error(`watch: ${response.statusCode} ${body}`)), reject);
          return;
        }
        response.on('error', () => undefined);
        createInterface({ input: response })
          .on('line', (line) => onEvent(JSON.parse(line)))
          // It repeats the response's own error, which is how a watch that is stopped ends.
          .on('error', () => undefined);
        resolve(() => stream.destroy());
      });
  });

/** The real kubectl as the administrator; whatever it exits with is a result. */
export const runKubectl = (args: string[], input = ''): Promise<Output> =>
  new Promise((resolve, reject) => {
    const home = dirname(server.kubeconfig);
    const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: server.kubeconfig };
    const child = spawn('kubectl', args, { env });
    child.once('error', reject);
    child.stdin.on('error', () => undefined).end(input);
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    child.once('close', (code) =>
      output.then(([stdout, stderr]) => resolve({ code, stdout, stderr }), reject),
    );
  });

/** Removed when the test has finished, whatever its verdict. */
export const removeAtEnd = (path: string): void =>
  onTestFinished(async () => {
    await exchange({ method: 'DELETE', path, query: {}, headers: {} });
  });
