/**
 * The server's side of SPDY/3.1, as far as a kubelet needs it to answer exec: streams that the client opens and that
 * are only written to. Libraries for it want an HTTP request in each stream, which Kubernetes does not send.
 */
import type { Duplex } from 'node:stream';
import { constants, createInflate } from 'node:zlib';
import dictionary from 'spdy-transport/lib/spdy-transport/protocol/spdy/dictionary.js';

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const PING = 6;
const HEAD_BYTES = 8;
/** The last frame of a stream in this direction. */
const FIN = 1;
const MOST_DATA_BYTES = 16 * 1024;

export interface SpdyStream {
  /** Names in lower case. */
  headers: Map<string, string>;
  write(data: string): void;
  /** Nothing more comes from us. */
  end(): void;
}

export const controlFrame = (type: number, flags: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(0x8003, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(body.length, 4);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, body]);
};

const dataFrame = (id: number, flags: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(id, 0);
  head.writeUInt32BE(data.length, 4);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, data]);
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A header block without headers, not compressed: a stored block of four zero bytes, and an empty one (a sync flush). */
const NO_HEADERS = Buffer.from([0x00, 0x04, 0x00, 0xfb, 0xff, 0, 0, 0, 0, 0x00, 0x00, 0x00, 0xff, 0xff]);
/** Begins the one zlib stream that all header blocks of a direction share. */
const ZLIB_HEAD = Buffer.from([0x78, 0x01]);

/** `undefined` while the block is not whole. */
const parseHeaders = (block: Buffer): { headers: Map<string, string>; length: number } | undefined => {
  const headers = new Map<string, string>();
  let at = 0;
  const next = (): Buffer | undefined => {
    if (block.length < at + 4) return undefined;
    const length = block.readUInt32BE(at);
    if (block.length < at + 4 + length) return undefined;
    at += 4 + length;
    return block.subarray(at - length, at);
  };
  if (block.length < 4) return undefined;
  const count = block.readUInt32BE(0);
  at = 4;
  for (let index = 0; index < count; index++) {
    const [name, value] = [next(), next()];
    if (name === undefined || value === undefined) return undefined;
    headers.set(name.toString().toLowerCase(), value.toString());
  }
  return { headers, length: at };
};

/** Header blocks in the order of their frames; each is handed over when it is decompressed. */
const createHeaderReader = (onHeaders: (id: number, headers: Map<string, string>) => void) => {
  const inflate = createInflate({
    dictionary: dictionary['3.1'],
    flush: constants.Z_SYNC_FLUSH,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const waiting: number[] = [];
  let text: Buffer = Buffer.alloc(0);
  inflate.on('data', (chunk: Buffer) => {
    text = Buffer.concat([text, chunk]);
    for (let found = parseHeaders(text); found && waiting.length > 0; found = parseHeaders(text)) {
      text = text.subarray(found.length);
      onHeaders(waiting.shift() ?? 0, found.headers);
    }
  });
  return {
    read(id: number, block: Buffer): void {
      waiting.push(id);
      inflate.write(block);
    },
    onError: (listener: (fault: Error) => void) => inflate.on('error', listener),
    close: () => inflate.close(),
  };
};

/** Cuts a byte stream into frames. */
const createFramer = (onFrame: (frame: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk: Buffer): void => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEAD_BYTES) {
      const length = HEAD_BYTES + rest.readUIntBE(5, 3);
      if (rest.length < length) return;
      onFrame(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
};

/** Speaks SPDY on an upgraded socket from now on; `head` has come with the upgrade. */
export const acceptSpdy = (socket: Duplex, head: Buffer, onStream: (stream: SpdyStream) => void): void => {
  let replied = false;
  const streamOf = (id: number, headers: Map<string, string>): SpdyStream => ({
    headers,
    write(data) {
      const bytes = Buffer.from(data);
      for (let at = 0; at < bytes.length; at += MOST_DATA_BYTES) {
        socket.write(dataFrame(id, 0, bytes.subarray(at, at + MOST_DATA_BYTES)));
      }
    },
    end: () => void socket.write(dataFrame(id, FIN, Buffer.alloc(0))),
  });
  const reader = createHeaderReader((id, headers) => {
    const block = replied ? NO_HEADERS : Buffer.concat([ZLIB_HEAD, NO_HEADERS]);
    replied = true;
    socket.write(controlFrame(SYN_REPLY, 0, Buffer.concat([uint32(id), block])));
    onStream(streamOf(id, headers));
  });
  const take = createFramer((frame) => {
    const isControl = (frame.readUInt8(0) & 0x80) !== 0;
    if (!isControl) return;
    const [type, body] = [frame.readUInt16BE(2), frame.subarray(HEAD_BYTES)];
    if (type === SYN_STREAM) reader.read(body.readUInt32BE(0), body.subarray(10));
    if (type === PING) socket.write(frame);
  });
  reader.onError(() => socket.destroy());
  socket.once('close', () => reader.close());
  if (head.length > 0) take(head);
  socket.on('data', take);
};
