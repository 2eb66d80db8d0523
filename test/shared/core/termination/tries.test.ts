import { describe, expect, it } from 'vitest';
import {
  isReported,
  STRATEGIES,
  type Try,
  triesFor,
  triesOf,
  withOutcomes,
  withReports,
  withTries,
} from '../../../../shared/core/termination/tries.ts';
import { ANNOTATION_TERMINATION } from '../../../../shared/model/names.ts';
import { NOW, recordOf, secondsAgo, told, tried } from './setting.ts';

const podWith = (record: string | undefined) => ({
  metadata: {
    name: 'job-x',
    annotations: record === undefined ? undefined : { [ANNOTATION_TERMINATION]: record },
  },
});
const EXEC = tried('exec', 30);
const STOP = tried('stop', 10, { attempt: 2 });
const RECORDED = podWith(JSON.stringify({ side: [EXEC] }));

const read = (annotations: Record<string, string>) => triesOf({ metadata: { name: 'job-x', annotations } });

describe('the record', () => {
  it.each(STRATEGIES)('holds a try of %s', (strategy) => {
    const all: Try[] = [tried(strategy, 5, { outcome: 'failed', killer: 'k' })];
    expect(triesOf(podWith(JSON.stringify({ side: all })))).toEqual({ side: all });
  });

  it.each<[string, string | undefined]>([
    ['no annotation', undefined],
    ['an empty one', ''],
    ['half a record', '{"side":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
  ])('is empty for %s', (_, record) => {
    expect(triesOf(podWith(record))).toEqual({});
    expect(triesFor(podWith(record), 'side')).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['an object in place of a list', { strategy: 'exec', attempt: 1, at: '2026-03-01T12:00:00Z' }],
    ['null in place of a list', null],
    ['null', [null]],
    ['a string', ['exec']],
    ['another strategy', [{ ...EXEC, strategy: 'shoot' }]],
    ['an attempt that is no number', [{ ...EXEC, attempt: 'many' }]],
    ['half an attempt', [{ ...EXEC, attempt: 0.5 }]],
    ['no restarts', [{ ...EXEC, restarts: undefined }]],
    ['no time', [{ ...EXEC, at: undefined }]],
    ['a time that is none', [{ ...EXEC, at: 'yesterday' }]],
  ])('counts %s as not tried', (_, tries) => {
    expect(triesOf(podWith(JSON.stringify({ side: tries })))).toEqual({ side: [] });
  });

  it('keeps what can be read beside what can not', () => {
    const record = JSON.stringify({ side: [null, EXEC], other: 7 });
    expect(triesOf(podWith(record))).toEqual({ side: [EXEC], other: [] });
  });

  it('is empty for a container that is called like what every object has', () => {
    expect(triesFor(RECORDED, 'constructor')).toEqual([]);
    expect(read(withTries(RECORDED, { constructor: STOP }))).toEqual({ side: [EXEC], constructor: [STOP] });
  });
});

describe('a try', () => {
  it('comes after those of its container and leaves those of others', () => {
    const pod = podWith(JSON.stringify({ side: [EXEC], other: [EXEC] }));
    expect(read(withTries(pod, { side: STOP, third: EXEC }))).toEqual({
      side: [EXEC, STOP],
      other: [EXEC],
      third: [EXEC],
    });
  });

  it('takes the place of a record that can not be read', () => {
    expect(read(withTries(podWith('{"side":'), { side: EXEC }))).toEqual({ side: [EXEC] });
  });
});

describe('an outcome', () => {
  const outcomeOf = (attempt: number, record: Record<string, Try[]>) =>
    read(
      withOutcomes({ metadata: { name: 'job-x', annotations: recordOf(record) } }, [
        { container: 'side', attempt, outcome: 'refused' },
      ]),
    );

  it('is written to the try of its number', () => {
    expect(outcomeOf(2, { side: [EXEC, STOP], other: [EXEC] })).toEqual({
      side: [EXEC, { ...STOP, outcome: 'refused' }],
      other: [EXEC],
    });
  });

  it('does not hit the try that another run has made meanwhile', () => {
    expect(outcomeOf(1, { side: [EXEC, STOP] })).toEqual({ side: [{ ...EXEC, outcome: 'refused' }, STOP] });
  });

  it('leaves those of other tries', () => {
    const failed: Try = { ...EXEC, outcome: 'failed' };
    expect(outcomeOf(2, { side: [failed, STOP] })).toEqual({
      side: [failed, { ...STOP, outcome: 'refused' }],
    });
  });

  it('of a try that is not recorded adds none', () => {
    expect(outcomeOf(7, { side: [EXEC] })).toEqual({ side: [EXEC] });
    expect(outcomeOf(1, { other: [EXEC] })).toEqual({ other: [EXEC] });
  });
});

describe('a report to the owner', () => {
  const TOLD = told(5);
  const podOf = (record: Record<string, unknown>) => podWith(JSON.stringify(record));
  const parsed = (annotations: Record<string, string>): unknown =>
    JSON.parse(annotations[ANNOTATION_TERMINATION] ?? '');

  it('comes after the tries of its container, with their number, and leaves those of others', () => {
    expect(parsed(withReports(podOf({ side: [EXEC, STOP], other: [EXEC] }), ['side', 'third'], NOW))).toEqual(
      {
        side: [EXEC, STOP, { strategy: 'report', attempt: 2, at: secondsAgo(0), restarts: 0 }],
        other: [EXEC],
        third: [{ strategy: 'report', attempt: 0, at: secondsAgo(0), restarts: 0 }],
      },
    );
  });

  it('is recorded once where two runs told the owner', () => {
    const annotations = withReports(podOf({ side: [EXEC] }), ['side'], NOW);
    const pod = { metadata: { name: 'job-x', annotations } };
    expect(withReports(pod, ['side'], NOW)).toEqual(annotations);
  });

  it('is no try', () => {
    const pod = podOf({ side: [EXEC, TOLD, STOP, TOLD], other: [TOLD] });
    expect(triesOf(pod)).toEqual({ side: [EXEC, STOP], other: [] });
    expect(triesFor(pod, 'side')).toEqual([EXEC, STOP]);
  });

  it('stays where more is tried, and has no outcome of its own', () => {
    const tried = parsed(withTries(podOf({ side: [EXEC, TOLD] }), { side: STOP }));
    expect(tried).toEqual({ side: [EXEC, TOLD, STOP] });
    const ended = [{ container: 'side', attempt: 1, outcome: 'failed' as const }];
    expect(parsed(withOutcomes(podOf({ side: [EXEC, TOLD] }), ended))).toEqual({
      side: [{ ...EXEC, outcome: 'failed' }, TOLD],
    });
  });

  it.each<[string, Record<string, unknown>, string, boolean]>([
    ['that is the last entry', { side: [EXEC, TOLD] }, 'side', true],
    ['that is the only one', { side: [TOLD] }, 'side', true],
    ['after which something was tried', { side: [TOLD, EXEC] }, 'side', false],
    ['that was never made', { side: [EXEC] }, 'side', false],
    ['of another container', { side: [TOLD] }, 'other', false],
    ['that can not be read', { side: [EXEC, { ...TOLD, at: 'yesterday' }] }, 'side', false],
    ['of a container that is called like what every object has', { side: [TOLD] }, 'constructor', false],
  ])('%s is looked for', (_, record, container, expected) => {
    expect(isReported(podOf(record), container)).toBe(expected);
  });
});
