import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ARCHITECTURES, exitProgram } from '../../../infra/exit-image/program.ts';

const own = ARCHITECTURES.find((name) => name === { x64: 'amd64', arm64: 'arm64' }[process.arch as string]);

describe.each([
  ['amd64', 62, '31ffb8e70000000f05'],
  ['arm64', 183, '000080d2c80b80d2010000d4'],
] as const)('the program for %s', (architecture, machine, code) => {
  const bytes = exitProgram(architecture);

  it('is an ELF64 executable for Linux, little-endian', () => {
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x7fELF\x02\x01\x01\x00');
    expect(bytes.readUInt16LE(16)).toBe(2);
    expect(bytes.readUInt32LE(20)).toBe(1);
  });

  it('is for that machine, and starts with its code', () => {
    expect(bytes.readUInt16LE(18)).toBe(machine);
    expect(bytes.readBigUInt64LE(24)).toBe(0x400000n + 176n);
    expect(bytes.subarray(176).toString('hex')).toBe(code);
  });

  it('has two program headers behind its own, and no sections', () => {
    expect(bytes.readBigUInt64LE(32)).toBe(64n);
    expect([52, 54, 56].map((at) => bytes.readUInt16LE(at))).toEqual([64, 56, 2]);
    expect(bytes.readBigUInt64LE(40)).toBe(0n);
    expect([60, 62].map((at) => bytes.readUInt16LE(at))).toEqual([0, 0]);
  });

  it('is loaded as a whole, to be read and executed, at an address that suits every page size', () => {
    expect([64, 68].map((at) => bytes.readUInt32LE(at))).toEqual([1, 5]);
    const [offset, address, , inFile, inMemory, align] = [72, 80, 88, 96, 104, 112].map((at) =>
      bytes.readBigUInt64LE(at),
    );
    expect([offset, address, inFile, inMemory]).toEqual([
      0n,
      0x400000n,
      ...Array(2).fill(BigInt(bytes.length)),
    ]);
    expect(align).toBe(0x10000n);
  });

  it('asks for a stack that is not executable', () => {
    expect([120, 124].map((at) => bytes.readUInt32LE(at))).toEqual([0x6474e551, 6]);
  });
});

it.runIf(process.platform === 'linux' && own)(
  'runs on this machine and exits 0, whatever its arguments',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'exit-program-'));
    const file = join(directory, 'exit');
    await writeFile(file, exitProgram(own ?? 'amd64'), { mode: 0o555 });
    try {
      const { stdout, stderr } = await promisify(execFile)(file, ['-c', 'exit 1']);
      expect([stdout, stderr]).toEqual(['', '']);
    } finally {
      await rm(directory, { recursive: true });
    }
  },
);
