import { expect, it } from 'vitest';
import { underWay } from '../../../shared/io/underWay.ts';

const counted = () => {
  let calls = 0;
  const read = underWay(async (key: string) => {
    calls += 1;
    await undefined;
    if (key === 'broken') throw new Error('no answer');
    return `${key} ${calls}`;
  });
  return { read, calls: () => calls };
};

it('calls for one key at once are one call', async () => {
  const { read, calls } = counted();
  expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual(['a 2', 'a 2', 'b 2']);
  expect(calls()).toBe(2);
});

it('a call after the answer is another call', async () => {
  const { read } = counted();
  expect(await read('a')).toBe('a 1');
  expect(await read('a')).toBe('a 2');
});

it('a call after a fault is another call, and all that waited get the fault', async () => {
  const { read, calls } = counted();
  const results = await Promise.allSettled([read('broken'), read('broken')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(read('broken')).rejects.toThrow('no answer');
  expect(calls()).toBe(2);
});
