import { expect, it } from 'vitest';
import { MESSAGES } from '../../../../../../infra/local/cluster/face/protobuf/tables.ts';

const SCALARS = ['string', 'bytes', 'bool', 'int32', 'int64'];

it('has every message that one of its fields names', () => {
  const types = [...MESSAGES.values()].flatMap((message) => [...message.values()]).map(({ type }) => type);
  expect(types.filter((type) => !SCALARS.includes(type) && !MESSAGES.has(type))).toEqual([]);
});

it.each([...MESSAGES])('has each JSON name of %s once', (_name, message) => {
  const names = [...message.values()].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
