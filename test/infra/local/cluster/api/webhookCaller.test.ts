import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createWebhookCaller } from '../../../../../infra/local/cluster/api/webhookCaller.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Notes what arrives; answers what `answer` gives, or never. Connections in `closing` end at the next request. */
const listen = async (answer: string | undefined) => {
  const seen: { url: string | undefined; type: string | undefined; body: string; socket: unknown }[] = [];
  const closing = new Set<unknown>();
  const server = createServer(async (request, response) => {
    if (closing.has(request.socket) || closing.has('all')) return void request.socket.destroy();
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    seen.push({ url: request.url, type: request.headers['content-type'], body, socket: request.socket });
    if (answer !== undefined) response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, closing, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
};

it('posts JSON with the timeout in the query, over one connection', async () => {
  const { seen, url } = await listen('{"ok":true}');
  const call = createWebhookCaller();
  const request = { url, body: { a: 'ä' }, timeoutSeconds: 5 };
  expect(await call(request)).toEqual({ status: 200, body: { ok: true } });
  await call(request);
  expect(seen[0]).toMatchObject({ url: '/hook?timeout=5s', type: 'application/json', body: '{"a":"ä"}' });
  expect(seen[1]?.socket).toBe(seen[0]?.socket);
});

it('an answer that is no JSON comes back as text', async () => {
  const { url } = await listen('oops');
  expect(await createWebhookCaller()({ url, body: {}, timeoutSeconds: 5 })).toEqual({
    status: 200,
    body: 'oops',
  });
});

it('rejects when nobody answers in time or listens at all', async () => {
  const { url } = await listen(undefined);
  const call = createWebhookCaller();
  await expect(call({ url, body: {}, timeoutSeconds: 0.05 })).rejects.toThrow(/abort/);
  await expect(call({ url: 'http://127.0.0.1:1/', body: {}, timeoutSeconds: 1 })).rejects.toThrow(
    /ECONNREFUSED/,
  );
});

it('asks once more where a kept connection was closed meanwhile', async () => {
  const { seen, url, closing } = await listen('{"ok":true}');
  const call = createWebhookCaller();
  const request = { url, body: {}, timeoutSeconds: 5 };
  await call(request);
  closing.add(seen[0]?.socket);
  expect(await call(request)).toEqual({ status: 200, body: { ok: true } });
  expect(seen).toHaveLength(2);
});

it('asks only once where a new connection is closed', async () => {
  const { url, closing } = await listen('{}');
  closing.add('all');
  const call = createWebhookCaller();
  await expect(call({ url, body: {}, timeoutSeconds: 5 })).rejects.toMatchObject({ code: 'ECONNRESET' });
});
