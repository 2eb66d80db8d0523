/** `pods/exec` over a WebSocket: the channels of Kubernetes' remote command protocol, output only. */
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { badRequest, methodNotAllowed, notImplemented } from '../api/errors.ts';
import { failureStatus } from '../api/status.ts';
import { ApiError, type ExecOutput } from '../api/types.ts';
import { type Backend, type Exchange, isSet } from './exchange.ts';
import { type PodPath, type PodTarget, resolveTarget } from './podTarget.ts';
import { offeredProtocols } from './tokens.ts';

const CHANNEL = { stdout: 1, stderr: 2, error: 3 } as const;
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const chooseProtocol = (offered: string[]): string | undefined =>
  PROTOCOLS.find((protocol) => offered.includes(protocol));

/** How a command ended, as the kubelet words it (`v4.channel.k8s.io` and later). */
const endStatus = (exitCode: number): object =>
  exitCode === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: exit status ${exitCode}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
      };

const checkOptions = (query: URLSearchParams): void => {
  for (const name of ['stdin', 'tty']) if (isSet(query, name)) throw notImplemented(`exec with ${name} is`);
  if (!isSet(query, 'stdout') && !isSet(query, 'stderr')) {
    throw badRequest('exec: you must specify at least 1 of stdout, stderr');
  }
  if (query.getAll('command').length === 0) {
    throw badRequest('exec: you must specify at least one command for the container');
  }
};

/** kubectl tries SPDY when a WebSocket was refused, so this comes after whatever else there is to say. */
const checkTransport = ({ request }: Exchange): void => {
  const upgrade = (request.headers.upgrade ?? '').toLowerCase();
  if (upgrade.startsWith('spdy') || request.method === 'POST') throw notImplemented('exec over SPDY is');
  if (request.method !== 'GET') throw methodNotAllowed();
  if (upgrade !== 'websocket') throw badRequest('exec needs a WebSocket: Upgrade request required');
  if (!chooseProtocol(offeredProtocols(request.headers))) {
    throw badRequest(`exec: the WebSocket must offer one of the subprotocols ${PROTOCOLS.join(', ')}`);
  }
};

const accepted = async (backend: Backend, exchange: Exchange, path: PodPath): Promise<PodTarget> => {
  checkOptions(exchange.query);
  const target = await resolveTarget(backend, exchange, path);
  checkTransport(exchange);
  return target;
};

const frame = (channel: number, text: string): Buffer =>
  Buffer.concat([Buffer.of(channel), Buffer.from(text)]);

const toFailure = (fault: unknown): object =>
  failureStatus(
    fault instanceof ApiError ? fault : new ApiError(500, 'InternalError', `exec failed: ${String(fault)}`),
  );

const sendOutput = (socket: WebSocket, query: URLSearchParams, output: ExecOutput): void => {
  for (const name of ['stdout', 'stderr'] as const) {
    if (isSet(query, name) && output[name] !== '') socket.send(frame(CHANNEL[name], output[name]));
  }
};

/** kubectl up to 1.32 complains about what arrives before it reads: a pong, or the end, says that it does. */
const clientReads = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('pong', () => resolve());
    socket.once('close', () => resolve());
    socket.ping();
  });

const run = async (socket: WebSocket, query: URLSearchParams, target: PodTarget): Promise<void> => {
  await clientReads(socket);
  // Tells the client that the streams stand, before the command has written anything.
  socket.send(frame(isSet(query, 'stdout') ? CHANNEL.stdout : CHANNEL.stderr, ''));
  const { kubelet, key, container } = target;
  const status = await kubelet
    .exec(key, container, query.getAll('command'))
    .then((output) => {
      sendOutput(socket, query, output);
      return endStatus(output.exitCode);
    })
    .catch(toFailure);
  socket.send(frame(CHANNEL.error, JSON.stringify(status)));
  socket.close(1000);
};

/** An exec request that came without an upgrade: always refused, with the reason. */
export const refuseExec = async (backend: Backend, exchange: Exchange, path: PodPath): Promise<never> => {
  await accepted(backend, exchange, path);
  throw badRequest('exec needs a WebSocket: Upgrade request required');
};

/** Runs exec requests. Faults before the upgrade reject; later ones travel on the error channel. */
export const createExec = (backend: Backend) => {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => chooseProtocol([...offered]) ?? false,
  });
  return async (exchange: Exchange, path: PodPath, connection: { socket: Duplex; head: Buffer }) => {
    const target = await accepted(backend, exchange, path);
    server.handleUpgrade(exchange.request, connection.socket, connection.head, (socket) => {
      socket.on('error', () => socket.terminate());
      void run(socket, exchange.query, target);
    });
  };
};
