/** Protobuf by hand: each part is one field. */

const varint = (value: bigint): number[] => {
  const rest = BigInt.asUintN(64, value);
  return rest < 128n ? [Number(rest)] : [Number(rest & 127n) | 128, ...varint(rest >> 7n)];
};

/** A varint field. */
export const number = (field: number, value: number): Buffer =>
  Buffer.from([...varint(BigInt(field * 8)), ...varint(BigInt(value))]);

/** A length-prefixed field: text, or other fields. */
export const bytes = (field: number, ...content: (string | Buffer)[]): Buffer => {
  const whole = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([
    Buffer.from([...varint(BigInt(field * 8 + 2)), ...varint(BigInt(whole.length))]),
    whole,
  ]);
};

/** Where Kubernetes' protobuf begins: `k8s\0`, and a runtime.Unknown that names the kind. */
export const envelope = (apiVersion: string, kind: string, ...fields: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    bytes(1, bytes(1, apiVersion), bytes(2, kind)),
    bytes(2, ...fields),
    bytes(3, ''),
    bytes(4, ''),
  ]);
