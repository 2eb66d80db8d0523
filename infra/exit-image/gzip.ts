import { crc32 } from 'node:zlib';

const LARGEST_BLOCK = 0xffff;

/** Magic number, deflate; no flags, no time, no hints, an unknown system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

const storedBlock = (data: Buffer, isLast: boolean): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(isLast ? 1 : 0);
  head.writeUInt16LE(data.length, 1);
  head.writeUInt16LE(~data.length & 0xffff, 3);
  return Buffer.concat([head, data]);
};

/**
 * Gzip that stores and does not compress. Every reader of images takes gzip, some nothing else; but what zlib makes of the
 * same data differs between its versions, and with it the digest would.
 */
export const gzipStored = (data: Buffer): Buffer => {
  const starts = Array.from(
    { length: Math.max(1, Math.ceil(data.length / LARGEST_BLOCK)) },
    (_, index) => index * LARGEST_BLOCK,
  );
  const blocks = starts.map((start) =>
    storedBlock(data.subarray(start, start + LARGEST_BLOCK), start + LARGEST_BLOCK >= data.length),
  );
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(data));
  trailer.writeUInt32LE(data.length % 2 ** 32, 4);
  return Buffer.concat([HEADER, ...blocks, trailer]);
};
