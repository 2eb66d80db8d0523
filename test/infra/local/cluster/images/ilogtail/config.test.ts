import { expect, it } from 'vitest';
import { fits, readConfig } from '../../../../../../infra/local/cluster/images/ilogtail/config.ts';
import { wholeLines } from '../../../../../../infra/local/cluster/images/ilogtail/lines.ts';

const input = { Type: 'file_log', LogPath: '/logs', FilePattern: '*.log' };
const flusher = { Type: 'flusher_kafka', Brokers: ['kafka:9092'], Topic: 'web' };

it('an empty configuration means the access log of nginx', () => {
  expect(readConfig(' \n')).toEqual({
    inputs: [{ directory: '/var/log/nginx', pattern: 'access.log' }],
    topics: ['nginx-access-log'],
  });
});

it('a configuration names directories, patterns and topics', () => {
  expect(readConfig(JSON.stringify({ enable: true, inputs: [input], flushers: [flusher] }))).toEqual({
    inputs: [{ directory: '/logs', pattern: '*.log' }],
    topics: ['web'],
  });
});

it.each<[string, string]>([
  ['{"inputs": [}', 'position 12'],
  ['[]', 'inputs must be a list'],
  ['null', 'an object is expected'],
  [JSON.stringify({ inputs: [input], flushers: [] }), 'flushers must be a list'],
  [
    JSON.stringify({ inputs: [{ ...input, Type: 'metric_cpu' }], flushers: [flusher] }),
    'inputs[0].Type metric_cpu',
  ],
  [JSON.stringify({ inputs: [{ Type: 'file_log' }], flushers: [flusher] }), 'inputs[0].LogPath'],
  [JSON.stringify({ inputs: [input], flushers: [{ ...flusher, Topic: '../x' }] }), 'flushers[0].Topic ../x'],
])('%s is refused: %s', (json, message) => {
  expect(() => readConfig(json)).toThrow(message);
});

it.each([
  ['access.log', 'access.log', true],
  ['access.log', 'accessxlog', false],
  ['*.log', 'error.log', true],
  ['*.log', 'error.log.1', false],
  ['a*b*', 'a-b-c', true],
])('pattern %s and file %s: %s', (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected);
});

it.each([
  ['a\nb\nc', 10, ['a', 'b'], 4],
  ['a\nb\nc\n', 2, ['a', 'b'], 4],
  ['é\n', 1, ['é'], 3],
  ['half', 10, [], 0],
  ['\n\n', 10, ['', ''], 2],
])('whole lines of %j, at most %d', (text, limit, lines, length) => {
  expect(wholeLines(Buffer.from(text), limit)).toEqual({ lines, length });
});
