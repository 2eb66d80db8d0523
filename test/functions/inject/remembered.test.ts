import { beforeEach, expect, it } from 'vitest';
import { remembered } from '../../../functions/inject/remembered.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';
import { createMovingClock, type MovingClock } from '../../support/movingClock.ts';

let clock: MovingClock;
let log: FakeLog;
/** What the reads answer, in turn. */
let answers: (() => Promise<string>)[];
let recall: () => Promise<string | undefined>;

const saying = (text: string) => () => Promise.resolve(text);
const failing = () => Promise.reject(new Error('no route'));
const FAILED = { level: 'warn', message: 'it could not be read', fields: { fault: 'Error: no route' } };

beforeEach(() => {
  clock = createMovingClock();
  log = createFakeLog();
  const read = () => answers.shift()?.() ?? Promise.reject(new Error('read too often'));
  const memory = { fresh: 60_000, retry: 5_000, patience: 1_000, failure: 'it could not be read' };
  recall = remembered(read, memory, { clock, log });
});

it.each([
  ['fresh', [saying('a'), saying('b')], 59_999, ['a', 'a']],
  ['no longer fresh', [saying('a'), saying('b')], 60_000, ['a', 'b']],
  ['failed a moment ago', [failing, saying('b')], 4_999, [undefined, undefined]],
  ['failed some time ago', [failing, saying('b')], 5_000, [undefined, 'b']],
])('answers twice by what is %s', async (_, said, after, expected) => {
  answers = said;
  const first = await recall();
  clock.advance(after);
  expect([first, await recall()]).toEqual(expected);
});

it('keeps the last answer through reads that fail, and says each in the log', async () => {
  answers = [saying('a'), failing, failing, saying('b')];
  const heard = [];
  for (const time of [0, 60_000, 5_000, 5_000]) {
    clock.advance(time);
    heard.push(await recall());
  }
  expect(heard).toEqual(['a', 'a', 'a', 'b']);
  expect(log.entries).toEqual([FAILED, FAILED]);
});

it('gives a read up in time, and does not take its answer later', async () => {
  const slow = Promise.withResolvers<string>();
  answers = [() => slow.promise];
  const reading = recall();
  clock.advance(1_000);
  expect(await reading).toBeUndefined();
  slow.resolve('late');
  expect(await recall()).toBeUndefined();
  expect(log.entries).toEqual([{ ...FAILED, fields: { fault: 'Error: no answer in time' } }]);
});

it('leaves no timer behind', async () => {
  answers = [saying('a')];
  await recall();
  expect(clock.waiting()).toBe(0);
});
