import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createHttpsTransport } from '../../../../shared/io/cluster/https.ts';
import type { TransportRequest } from '../../../../shared/io/cluster/transport.ts';
import { ClusterError } from '../../../../shared/io/ports.ts';
import { type FakeApiServer, startApiServer, TOKEN } from '../../../support/apiServer.ts';

const GET: TransportRequest = { method: 'GET', path: '/api/v1/pods' };

let running: FakeApiServer | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

const start = async (listener: (request: IncomingMessage, response: ServerResponse) => void) => {
  running = await startApiServer(listener);
  return running;
};

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '3' });
  response.end(JSON.stringify(body));
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

const failureOf = async (answer: Promise<unknown>): Promise<ClusterError> => {
  const fault = await answer.catch((caught: unknown) => caught);
  expect(fault).toBeInstanceOf(ClusterError);
  return fault as ClusterError;
};

it('sends method, path, query, token and JSON, and gives the answer as JSON', async () => {
  const { access } = await start(async (request, response) => {
    const { method, url, headers } = request;
    json(response, 201, { method, url, headers, body: JSON.parse(await bodyOf(request)) });
  });
  const answer = await createHttpsTransport(access)({
    method: 'PATCH',
    path: '/api/v1/namespaces/default/pods/web',
    query: { timeout: '5s', fieldSelector: 'spec.restartPolicy!=Always' },
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { name: 'größer' },
  });
  expect(answer).toMatchObject({
    status: 201,
    headers: { 'retry-after': '3' },
    body: {
      method: 'PATCH',
      url: '/api/v1/namespaces/default/pods/web?timeout=5s&fieldSelector=spec.restartPolicy%21%3DAlways',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/merge-patch+json' },
      body: { name: 'größer' },
    },
  });
});

it('gives an error answer as it is', async () => {
  const { access } = await start((_, response) =>
    json(response, 404, { kind: 'Status', reason: 'NotFound' }),
  );
  await expect(createHttpsTransport(access)(GET)).resolves.toMatchObject({
    status: 404,
    body: { reason: 'NotFound' },
  });
});

it('gives plain text as text', async () => {
  const { access } = await start((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('a log line\n');
  });
  await expect(createHttpsTransport(access)(GET)).resolves.toMatchObject({ body: 'a log line\n' });
});

it('keeps the path of the endpoint', async () => {
  const { access } = await start((request, response) => json(response, 200, { url: request.url }));
  const transport = createHttpsTransport({ ...access, endpoint: `${access.endpoint}/k8s/clusters/c-1/` });
  await expect(transport(GET)).resolves.toMatchObject({ body: { url: '/k8s/clusters/c-1/api/v1/pods' } });
});

it('uses one connection for calls in turn', async () => {
  const sockets = new Set<Socket>();
  const { access } = await start((request, response) => {
    sockets.add(request.socket);
    json(response, 200, {});
  });
  const transport = createHttpsTransport(access);
  await transport(GET);
  await transport({ method: 'POST', path: '/api/v1/pods', body: {} });
  await transport(GET);
  expect(sockets.size).toBe(1);
});

it('reads once more when the kept connection was closed meanwhile, but does not write twice', async () => {
  const seen: string[] = [];
  const { access } = await start((request, response) => {
    seen.push(`${request.method}`);
    if (seen.length % 2 === 0) request.socket.destroy();
    else json(response, 200, {});
  });
  const transport = createHttpsTransport(access);
  await transport(GET);
  await expect(transport(GET)).resolves.toMatchObject({ status: 200 });
  expect(seen).toEqual(['GET', 'GET', 'GET']);
  const fault = await failureOf(transport({ method: 'POST', path: '/api/v1/pods', body: {} }));
  expect(fault.code).toBe(0);
  expect(seen).toEqual(['GET', 'GET', 'GET', 'POST']);
});

it('trusts only the authority of the cluster', async () => {
  const { access } = await start((_, response) => json(response, 200, {}));
  const other = await startApiServer();
  const fault = await failureOf(createHttpsTransport({ ...access, ca: other.access.ca })(GET));
  await other.close();
  expect(fault).toMatchObject({ code: 0, reason: 'NoAnswer' });
  expect(fault.cause).toMatchObject({ code: expect.stringMatching(/CERT|SIGNATURE|ISSUER/) });
});

it('fails with code 0 and the cause, and without the token, when there is nobody', async () => {
  const { access, close } = await startApiServer();
  await close();
  const fault = await failureOf(createHttpsTransport(access)(GET));
  expect(fault).toMatchObject({ code: 0, reason: 'NoAnswer', cause: { code: 'ECONNREFUSED' } });
  expect(fault.message).toContain('GET /api/v1/pods: no answer: connect ECONNREFUSED');
  expect(JSON.stringify({ ...fault, message: fault.message, stack: fault.stack })).not.toContain(TOKEN);
});

it.each<[string, (response: ServerResponse) => void]>([
  [
    'breaks off',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"items":[');
      setImmediate(() => response.destroy());
    },
  ],
  [
    'is no JSON though it says so',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('<html>');
    },
  ],
])('fails with code 0 when the answer %s', async (_, answer) => {
  const { access } = await start((_request, response) => answer(response));
  expect(await failureOf(createHttpsTransport(access)(GET))).toMatchObject({ code: 0, reason: 'NoAnswer' });
});

it('fails with code 0 when the API server stays silent', async () => {
  const { access } = await start(() => undefined);
  const fault = await failureOf(createHttpsTransport(access, 20)(GET));
  expect(fault).toMatchObject({ code: 0, message: 'GET /api/v1/pods: no answer: silent for 20 ms' });
});
