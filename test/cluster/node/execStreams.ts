/** The streams of one exec: over SPDY (a translated v5 WebSocket, kubectl's fall-back), or over a WebSocket itself. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { acceptSpdy, type SpdyStream } from './spdy.ts';

export type StreamType = 'stdout' | 'stderr' | 'error';

export interface ExecStreams {
  write(type: StreamType, text: string): void;
  /** Ends the streams and, once all is sent, the connection. */
  end(): void;
}

/** The newest first: the error stream ends with a Status in all of them. */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const CHANNELS: Record<StreamType, number> = { stdout: 1, stderr: 2, error: 3 };

const chosen = (offered: string | string[] | undefined): string | undefined => {
  const names = String(offered ?? '')
    .split(',')
    .map((name) => name.trim());
  return PROTOCOLS.find((protocol) => names.includes(protocol));
};

interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** Resolves once every stream that the query asks for is open. */
const overSpdy = (
  { request, socket, head }: Upgrade,
  protocol: string,
  expected: StreamType[],
): Promise<ExecStreams> => {
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade}\r\n` +
      `X-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
  const open = new Map<string, SpdyStream>();
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('the client left before its streams were open')));
    acceptSpdy(socket, head, (stream) => {
      open.set(stream.headers.get('streamtype') ?? '', stream);
      if (!expected.every((type) => open.has(type))) return;
      resolve({
        write: (type, text) => open.get(type)?.write(text),
        end() {
          for (const each of open.values()) each.end();
          socket.end();
        },
      });
    });
  });
};

const webSockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => chosen([...offered].join()) ?? false,
});

const overWebSocket = ({ request, socket, head }: Upgrade, expected: StreamType[]): Promise<ExecStreams> =>
  new Promise((resolve) =>
    webSockets.handleUpgrade(request, socket, head, (connection) => {
      connection.on('error', () => connection.terminate());
      resolve({
        write(type, text) {
          if (expected.includes(type))
            connection.send(Buffer.concat([Buffer.from([CHANNELS[type]]), Buffer.from(text)]));
        },
        end: () => connection.close(1000),
      });
    }),
  );

/** `undefined` if the client asks for nothing that is spoken here. */
export const openStreams = (upgrade: Upgrade, expected: StreamType[]): Promise<ExecStreams> | undefined => {
  const { headers } = upgrade.request;
  if (headers.upgrade?.toLowerCase() === 'websocket') {
    return chosen(headers['sec-websocket-protocol']) ? overWebSocket(upgrade, expected) : undefined;
  }
  const protocol = chosen(headers['x-stream-protocol-version']);
  return headers.upgrade === 'SPDY/3.1' && protocol ? overSpdy(upgrade, protocol, expected) : undefined;
};
