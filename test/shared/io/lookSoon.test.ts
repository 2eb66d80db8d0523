import { expect, it } from 'vitest';
import { lookSoon } from '../../../shared/io/lookSoon.ts';

/** Early for as many looks, then there. */
const setting = (earlyLooks: number) => {
  const pauses: number[] = [];
  let looks = 0;
  return {
    pauses,
    look: async () => (++looks > earlyLooks ? 'there' : 'early'),
    isEarly: (seen: string) => seen === 'early',
    pause: async (milliseconds: number) => void pauses.push(milliseconds),
  };
};

it.each([
  ['is there at once', 0, 'there', []],
  ['comes with the second look', 1, 'there', [10]],
  ['comes with the fourth look', 3, 'there', [10, 20, 40]],
  ['comes with the last look', 5, 'there', [10, 20, 40, 80, 160]],
  ['does not come within a third of a second', 6, 'early', [10, 20, 40, 80, 160]],
])('a write that %s is waited for no longer', async (_, earlyLooks, seen, pauses) => {
  const made = setting(earlyLooks);
  await expect(lookSoon(made.look, made.isEarly, made.pause)).resolves.toBe(seen);
  expect(made.pauses).toEqual(pauses);
});

it('without a way to wait there is one look', async () => {
  const { look, isEarly } = setting(1);
  await expect(lookSoon(look, isEarly, undefined)).resolves.toBe('early');
});

it('a look that fails is not repeated', async () => {
  const { isEarly, pause, pauses } = setting(0);
  const look = () => Promise.reject(new Error('no answer'));
  await expect(lookSoon(look, isEarly, pause)).rejects.toThrow('no answer');
  expect(pauses).toEqual([]);
});
