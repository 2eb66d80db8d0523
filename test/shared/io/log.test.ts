import { describe, expect, it } from 'vitest';
import { createLog } from '../../../shared/io/log.ts';
import { createFixedClock } from '../../support/fakes.ts';

const written = (level?: string) => {
  const lines: string[] = [];
  const log = createLog({
    function: 'launch',
    clock: createFixedClock(),
    level,
    write: (line) => lines.push(line),
  });
  return { log, entries: () => lines.map((line) => JSON.parse(line)) };
};

describe('the log', () => {
  it('writes a JSON line with level, message, time, function and fields', () => {
    const { log, entries } = written();
    log.info('opened', { code: 'LaunchOpened', pod: 'a' });
    expect(entries()).toEqual([
      {
        code: 'LaunchOpened',
        pod: 'a',
        level: 'info',
        message: 'opened',
        time: '2026-03-01T12:00:00.000Z',
        function: 'launch',
      },
    ]);
  });

  it('does not let a field stand in for its own', () => {
    const { log, entries } = written();
    log.warn('true', { message: 'false', level: 'none' });
    expect(entries()).toMatchObject([{ message: 'true', level: 'warn' }]);
  });

  it('keeps name and message of an error', () => {
    const { log, entries } = written();
    log.error('failed', { fault: new TypeError('why') });
    expect(entries()).toMatchObject([{ fault: { name: 'TypeError', message: 'why' } }]);
  });

  it('does not fail for what can not be written', () => {
    const { log, entries } = written();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.info('odd', circle);
    expect(entries()).toMatchObject([{ message: 'odd', unwritable: expect.stringContaining('circular') }]);
  });

  it.each([
    ['INFO', ['info', 'warn', 'error']],
    ['WARN', ['warn', 'error']],
    ['error', ['error']],
    ['unheard of', ['info', 'warn', 'error']],
  ])('writes at level %s only %j', (level, expected) => {
    const { log, entries } = written(level);
    log.info('a');
    log.warn('b');
    log.error('c');
    expect(entries().map((entry) => entry.level)).toEqual(expected);
  });
});
