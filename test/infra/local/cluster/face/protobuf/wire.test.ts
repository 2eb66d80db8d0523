import { expect, it } from 'vitest';
import { readFields } from '../../../../../../infra/local/cluster/face/protobuf/wire.ts';

const read = (...bytes: number[]) => [...readFields(Uint8Array.from(bytes))];

it.each([
  ['nothing', [], []],
  ['a number of one byte', [0x08, 0x7f], [{ number: 1, value: 127n }]],
  ['a number of two bytes', [0x08, 0xac, 0x02], [{ number: 1, value: 300n }]],
  ['-1', [0x08, ...Array<number>(9).fill(0xff), 0x01], [{ number: 1, value: 2n ** 64n - 1n }]],
  ['bytes', [0x12, 0x02, 0x61, 0x62], [{ number: 2, value: Uint8Array.of(0x61, 0x62) }]],
  ['no bytes', [0x12, 0x00], [{ number: 2, value: new Uint8Array() }]],
  ['a field number over 15', [0x92, 0x01, 0x00], [{ number: 18, value: new Uint8Array() }]],
])('reads %s', (_name, bytes, fields) => {
  expect(read(...bytes)).toEqual(fields);
});

it.each([
  ['a tag without a value', [0x08], 'cut short'],
  ['half a number', [0x08, 0x80], 'cut short'],
  ['fewer bytes than announced', [0x12, 0x03, 0x61, 0x62], 'cut short'],
  ['a number without an end', [0x08, ...Array<number>(11).fill(0xff)], 'longer than 10 bytes'],
  ['a fixed-size number', [0x09, 0, 0, 0, 0, 0, 0, 0, 0], 'wire type 1'],
  ['a group', [0x0b, 0x0c], 'wire type 3'],
])('refuses %s', (_name, bytes, why) => {
  expect(() => read(...bytes)).toThrow(why);
});
