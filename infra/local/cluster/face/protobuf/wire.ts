/** The protobuf wire format, as far as the messages of Kubernetes use it: varints and length-prefixed bytes. */

export interface WireField {
  number: number;
  /** A varint as 64 bits without a sign, or the bytes. */
  value: bigint | Uint8Array;
}

interface Cursor {
  bytes: Uint8Array;
  at: number;
}

const VARINT = 0;
const LENGTH_PREFIXED = 2;
const LONGEST_VARINT = 10;

const readVarint = (cursor: Cursor): bigint => {
  let value = 0n;
  for (let index = 0; index < LONGEST_VARINT; index++) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw new Error('the protobuf data is cut short');
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw new Error(`a protobuf number is longer than ${LONGEST_VARINT} bytes`);
};

const readBytes = (cursor: Cursor): Uint8Array => {
  const length = Number(readVarint(cursor));
  const start = cursor.at;
  if (length > cursor.bytes.length - start) throw new Error('the protobuf data is cut short');
  cursor.at += length;
  return cursor.bytes.subarray(start, cursor.at);
};

const readValue = (cursor: Cursor, wireType: number): bigint | Uint8Array => {
  if (wireType === VARINT) return readVarint(cursor);
  if (wireType === LENGTH_PREFIXED) return readBytes(cursor);
  throw new Error(`the protobuf wire type ${wireType} is not used by Kubernetes' messages`);
};

/** The fields of one message in their order. Throws an Error that says what is wrong with the bytes. */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  const cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const tag = Number(readVarint(cursor));
    // Not by bit operators: those would cut a large number to 32 bits.
    yield { number: Math.floor(tag / 8), value: readValue(cursor, tag % 8) };
  }
}
