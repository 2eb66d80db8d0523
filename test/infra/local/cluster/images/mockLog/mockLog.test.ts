import { expect, it } from 'vitest';
import { accessLine } from '../../../../../../infra/local/cluster/images/mockLog/line.ts';
import { readOptions } from '../../../../../../infra/local/cluster/images/mockLog/options.ts';

const PATH = ['--log-type=nginx', '--path=/a.log'];

it.each([
  ['a count writes every 10 ms', ['--total-count=100'], { count: 100, interval: 10 }],
  ['no count is endless, a line a second', [], { count: 0, interval: 1000 }],
  ['a count of 0 is endless', ['--total-count=0'], { count: 0, interval: 1000 }],
  ['an interval wins', ['--total-count=3', '--interval=5'], { count: 3, interval: 5 }],
])('%s', (_, args, expected) => {
  expect(readOptions([...PATH, ...args])).toEqual({ path: '/a.log', ...expected });
});

it.each([
  [['--log-type=apache', '--path=/a.log'], '--log-type=apache is not supported, only nginx'],
  [['--log-type=nginx'], '--path is missing'],
  [[...PATH, '--total-count=ten'], '--total-count=ten is not a count'],
  [[...PATH, '--interval=-1'], '--interval=-1 is not a number of milliseconds'],
  [[...PATH, '--totl-count=1'], 'unknown option --totl-count=1'],
  [[...PATH, 'x'], 'unknown option x'],
])('%j is refused', (args, message) => {
  expect(readOptions(args)).toBe(message);
});

it('a line is an access log line with its number and its host', () => {
  expect(accessLine(42, 'nginx-mock-x', new Date('2026-08-02T10:00:03.5Z'))).toMatch(
    /^10\.\d+\.\d+\.\d+ - - \[02\/Aug\/2026:10:00:03 \+0000\] "GET \/item\/42 HTTP\/1\.1" 200 \d+ "-" "mock_log \(nginx-mock-x\)"$/,
  );
});
