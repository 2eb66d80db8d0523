import { describe, expect, it } from 'vitest';
import { age, humanDuration } from '../../../../../../infra/local/cluster/face/table/duration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('humanDuration', () => {
  it.each([
    [-2 * SECOND, '<invalid>'],
    [-1 * SECOND, '0s'],
    [0, '0s'],
    [5 * SECOND + 999, '5s'],
    [119 * SECOND, '119s'],
    [120 * SECOND, '2m'],
    [123 * SECOND, '2m3s'],
    [10 * MINUTE + 5 * SECOND, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [3 * HOUR + 20 * MINUTE, '3h20m'],
    [8 * HOUR + 20 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [2 * DAY, '2d'],
    [2 * DAY + 5 * HOUR, '2d5h'],
    [8 * DAY + 5 * HOUR, '8d'],
    [400 * DAY, '400d'],
    [3 * 365 * DAY, '3y'],
    [3 * 365 * DAY + 10 * DAY, '3y10d'],
    [9 * 365 * DAY + 10 * DAY, '9y'],
  ])('shows %d ms as %s', (milliseconds, shown) => {
    expect(humanDuration(milliseconds)).toBe(shown);
  });
});

describe('age', () => {
  const now = new Date('2026-01-01T00:01:00Z');

  it.each([
    ['2026-01-01T00:00:00Z', '60s'],
    [undefined, '<unknown>'],
    [null, '<unknown>'],
    ['yesterday', '<invalid>'],
  ])('shows the timestamp %s as %s', (timestamp, shown) => {
    expect(age(timestamp, now)).toBe(shown);
  });
});
