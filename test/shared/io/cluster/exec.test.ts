import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { connectCluster } from '../../../../shared/io/cluster/connect.ts';
import { createExec } from '../../../../shared/io/cluster/exec.ts';
import { ClusterError } from '../../../../shared/io/ports.ts';
import { type FakeApiServer, startApiServer, TOKEN } from '../../../support/apiServer.ts';

const PATH = '/api/v1/namespaces/default/pods/web/exec';

let api: FakeApiServer;
let requests: IncomingMessage[];

beforeEach(async () => {
  api = await startApiServer((_, response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'pods/exec is forbidden' }),
    );
  });
  requests = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await api.close();
});

/** Takes the upgrade and plays the container's side. */
const serve = (play: (socket: WebSocket) => void, protocols = ['v4.channel.k8s.io']): void => {
  const upgrades = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  api.server.on('upgrade', (request, stream, head) => {
    requests.push(request);
    upgrades.handleUpgrade(request, stream, head, play);
  });
};

const frame = (channel: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
const status = (value: unknown): Buffer => frame(3, JSON.stringify(value));
const exitCode = (code: number) => ({
  status: 'Failure',
  reason: 'NonZeroExitCode',
  message: `command terminated with non-zero exit code: exit status ${code}`,
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});

const run = () =>
  createExec(api.access)(PATH, [
    ['container', 'side'],
    ['command', 'kill'],
    ['command', '-TERM'],
  ]);
const failureOf = async (answer: Promise<unknown>): Promise<ClusterError> => {
  const fault = await answer.catch((caught: unknown) => caught);
  expect(fault).toBeInstanceOf(ClusterError);
  return fault as ClusterError;
};

it('asks for the command with the token, and collects its output', async () => {
  serve((socket) => {
    socket.send(frame(1, 'out 1, '));
    socket.send(frame(2, 'err'));
    socket.send(frame(1, 'out 2'));
    socket.send(status({ status: 'Success' }));
    socket.close();
  });
  await expect(run()).resolves.toEqual({ exitCode: 0, stdout: 'out 1, out 2', stderr: 'err' });
  const [request] = requests;
  expect(request?.url).toBe(`${PATH}?container=side&command=kill&command=-TERM`);
  expect(request?.headers).toMatchObject({
    authorization: `Bearer ${TOKEN}`,
    'sec-websocket-protocol': 'v4.channel.k8s.io',
  });
});

it('gives the exit code of a command that failed', async () => {
  serve((socket) => {
    socket.send(status(exitCode(137)));
    socket.close();
  });
  await expect(run()).resolves.toEqual({ exitCode: 137, stdout: '', stderr: '' });
});

it.each<[string, (socket: WebSocket) => void]>([
  ['ends', (socket) => socket.close()],
  ['breaks', (socket) => socket.terminate()],
])('knows no exit code when the connection %s before the status', async (_, play) => {
  serve(play);
  await expect(run()).resolves.toMatchObject({ exitCode: undefined });
});

it('waits 10 s for a command that does not end', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const opened = new Promise<void>((resolve) => {
    serve((socket) => {
      socket.send(frame(1, 'still here'), () => resolve());
    });
  });
  let result: unknown;
  const answer = run().then((value) => {
    result = value;
  });
  await opened;
  await vi.advanceTimersByTimeAsync(9_999);
  expect(result).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await answer;
  expect(result).toMatchObject({ exitCode: undefined });
});

it('keeps only the first 64 Ki characters of an output', async () => {
  serve((socket) => {
    for (let sent = 0; sent < 3; sent += 1) socket.send(frame(1, 'x'.repeat(40_000)));
    socket.send(status({ status: 'Success' }));
    socket.close();
  });
  expect((await run()).stdout).toHaveLength(65_536);
});

describe('rejects', () => {
  it('with the refusal of the API server', async () => {
    expect(await failureOf(run())).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message: `exec ${PATH}: pods/exec is forbidden`,
    });
  });

  it('with the reason why the command could not be run', async () => {
    serve((socket) => {
      socket.send(
        status({ status: 'Failure', code: 500, reason: 'InternalError', message: 'no such file: /bin/sh' }),
      );
      socket.close();
    });
    expect(await failureOf(run())).toMatchObject({
      code: 500,
      reason: 'InternalError',
      message: `exec ${PATH}: no such file: /bin/sh`,
    });
  });

  it('with code 0, and without the token, when there is nobody', async () => {
    await api.close();
    const fault = await failureOf(run());
    expect(fault).toMatchObject({ code: 0, reason: 'NoAnswer' });
    expect(`${fault.message} ${fault.stack} ${fault.cause}`).not.toContain(TOKEN);
  });

  it('with code 0 when the authority is another one', async () => {
    const other = await startApiServer();
    const fault = await failureOf(createExec({ ...api.access, ca: other.access.ca })(PATH, []));
    await other.close();
    expect(fault).toMatchObject({ code: 0, reason: 'NoAnswer' });
  });
});

it('is reached through the cluster port', async () => {
  serve((socket) => {
    socket.send(status({ status: 'Success' }));
    socket.close();
  });
  const cluster = connectCluster(api.access);
  await cluster.exec({ namespace: 'default', name: 'web' }, 'side', ['kill', '-TERM', '1']);
  expect(requests[0]?.url).toBe(
    `${PATH}?container=side&stdout=true&stderr=true&command=kill&command=-TERM&command=1`,
  );
});
