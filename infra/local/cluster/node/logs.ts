import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../../../shared/io/ports.ts';
import type { LogOptions } from '../api/types.ts';
import { pause } from './pause.ts';

const CHUNK = 1 << 16;
/** Milliseconds between two looks for more, while somebody follows. */
const POLL = 100;
const NEWLINE = 10;

/** Where the last `lines` lines begin. */
const tailStart = (text: Buffer, lines: number): number => {
  if (lines === 0) return text.length;
  let at = text.at(-1) === NEWLINE ? text.length - 1 : text.length;
  for (let left = lines; left > 0 && at > 0; left--) at = text.lastIndexOf(NEWLINE, at - 1);
  return Math.max(at + (at > 0 || text[0] === NEWLINE ? 1 : 0), 0);
};

interface Following {
  clock: Clock;
  /** Whether the file may still grow. */
  isWriting: () => boolean;
}

/** The text of a log file, in pieces; with `follow` until its container has ended or the reader is gone. */
export async function* readLog(
  path: string,
  { follow, tailLines, signal }: LogOptions,
  { clock, isWriting }: Following,
): AsyncIterable<string> {
  const file = await open(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    let at = tailLines === undefined ? 0 : tailStart(await file.readFile(), tailLines);
    for (;;) {
      const more = follow && isWriting();
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
      at += bytesRead;
      if (bytesRead > 0) yield decoder.write(buffer.subarray(0, bytesRead));
      else if (!more || signal?.aborted) return;
      else await pause(clock, POLL, signal);
    }
  } finally {
    await file.close();
  }
}
