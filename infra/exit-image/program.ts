/**
 * The program of the image: a static ELF64 executable for Linux that calls `exit_group(0)`, written byte by byte, so that
 * no compiler is needed and the same bytes come out everywhere.
 *
 * | offset | bytes | what |
 * | --- | --- | --- |
 * | 0 | 64 | ELF header |
 * | 64 | 56 | program header: the whole file is loaded, to be read and executed |
 * | 120 | 56 | program header: the stack is not executable; without it some kernels make it so, and some policies refuse that |
 * | 176 | 9 or 12 | code |
 */

export const ARCHITECTURES = ['amd64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

const ELF_HEADER = 64;
const PROGRAM_HEADER = 56;
const CODE = ELF_HEADER + 2 * PROGRAM_HEADER;

/** Where the file is mapped, and how that is aligned: to the largest page of either architecture, 64 KiB. */
const ADDRESS = 0x400000n;
const PAGE = 0x10000n;

const [EXECUTABLE, LOAD, GNU_STACK] = [2, 1, 0x6474e551];
const [R_X, R_W] = [5, 6];

const MACHINES: Record<Architecture, { id: number; code: number[] }> = {
  amd64: {
    id: 62,
    code: [
      ...[0x31, 0xff], // xor edi, edi
      ...[0xb8, 231, 0, 0, 0], // mov eax, exit_group
      ...[0x0f, 0x05], // syscall
    ],
  },
  arm64: {
    id: 183,
    code: [
      ...[0x00, 0x00, 0x80, 0xd2], // mov x0, 0
      ...[0xc8, 0x0b, 0x80, 0xd2], // mov x8, 94: exit_group
      ...[0x01, 0x00, 0x00, 0xd4], // svc 0
    ],
  },
};

const half = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const long = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};

const elfHeader = (machine: number): Buffer[] => [
  // 64 bits, little-endian, version 1, System V; then padding.
  Buffer.from([0x7f, ...Buffer.from('ELF'), 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  half(EXECUTABLE),
  half(machine),
  word(1), // version
  long(ADDRESS + BigInt(CODE)), // entry
  long(BigInt(ELF_HEADER)), // offset of the program headers
  long(0n), // no section headers
  word(0), // flags
  half(ELF_HEADER),
  half(PROGRAM_HEADER),
  half(2), // program headers
  half(64), // size of a section header
  half(0), // section headers
  half(0), // index of their names
];

const programHeader = (
  type: number,
  flags: number,
  size: bigint,
  address: bigint,
  align: bigint,
): Buffer[] => [
  word(type),
  word(flags),
  long(0n), // offset in the file
  long(address), // virtual
  long(address), // physical
  long(size), // in the file
  long(size), // in memory
  long(align),
];

export const exitProgram = (architecture: Architecture): Buffer => {
  const { id, code } = MACHINES[architecture];
  return Buffer.concat([
    ...elfHeader(id),
    ...programHeader(LOAD, R_X, BigInt(CODE + code.length), ADDRESS, PAGE),
    ...programHeader(GNU_STACK, R_W, 0n, 0n, 16n),
    Buffer.from(code),
  ]);
};
