import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { wholeLines } from './lines.ts';

const CHUNK = 1 << 20;

/** Byte offsets by file, as they were when a batch had been shipped. */
export class Checkpoint {
  private readonly file: string;
  private readonly offsets: Record<string, number>;

  constructor(file: string) {
    this.file = file;
    this.offsets = readOffsets(file);
  }

  /** The file starts over when it is shorter than what was shipped of it. */
  offset(path: string, size: number): number {
    const offset = this.offsets[path] ?? 0;
    return offset > size ? 0 : offset;
  }

  /** Atomic: a reader finds the old offsets or the new ones. */
  move(path: string, offset: number): void {
    this.offsets[path] = offset;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, JSON.stringify(this.offsets));
    renameSync(`${this.file}.new`, this.file);
  }
}

const readOffsets = (file: string): Record<string, number> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
};

/** What is to be shipped next of a file, up to byte `end` of it. */
export const nextBatch = (
  path: string,
  checkpoint: Checkpoint,
  limit: number,
  end = Number.POSITIVE_INFINITY,
) => {
  const file = openSync(path, 'r');
  try {
    const size = Math.min(fstatSync(file).size, end);
    const from = checkpoint.offset(path, size);
    const bytes = Buffer.alloc(Math.min(size - from, CHUNK));
    const read = readSync(file, bytes, 0, bytes.length, from);
    const { lines, length } = wholeLines(bytes.subarray(0, read), limit);
    return { lines, next: from + length };
  } finally {
    closeSync(file);
  }
};
