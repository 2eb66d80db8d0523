import type { Readable } from 'node:stream';

const LIMIT = 1 << 20;

/** Everything that a stream brings, as text; what goes beyond 1 MiB is read and dropped. */
export const readAll = async (stream: Readable | null): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    if (size < LIMIT) chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
  }
  return Buffer.concat(chunks).toString('utf8', 0, LIMIT);
};
