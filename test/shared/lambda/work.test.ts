import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_HOPS } from '../../../shared/core/forwarding/again.ts';
import { type Work, work } from '../../../shared/lambda/work.ts';
import type { ClusterEvent } from '../../../shared/model/event.ts';
import { createFakeLog, createFixedClock, type FakeLog } from '../../support/fakes.ts';
import { lambdaContext } from '../../support/lambda.ts';

const event = (name: string, change: Partial<ClusterEvent> = {}): ClusterEvent => ({
  v: 1,
  cluster: 'c1',
  ref: { kind: 'Pod', namespace: 'default', name },
  sets: [],
  calls: ['launch'],
  hops: 0,
  looks: 0,
  at: '2026-03-01T12:00:00Z',
  ...change,
});
const body = (detail: unknown) =>
  JSON.stringify({ source: 'sidecarset-serverless', 'detail-type': 'Cluster Change', detail });
const batch = (...bodies: string[]) => ({
  Records: bodies.map((text, index) => ({ messageId: `m${index}`, body: text, eventSource: 'aws:sqs' })),
});
const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
const done: Work = async () => [{ kind: 'done', code: 'LaunchComplete' }];

describe('the work shell', () => {
  let log: FakeLog;
  let sent: { event: ClusterEvent; seconds: number }[];
  beforeEach(() => {
    log = createFakeLog();
    sent = [];
  });

  const handle = (run: Work, given: unknown, send?: () => Promise<void>) => {
    const later = {
      send:
        send ?? (async (again: ClusterEvent, seconds: number) => void sent.push({ event: again, seconds })),
    };
    return work(run, { later, log, clock: createFixedClock(), call: 'launch' })(given, lambdaContext(9_000));
  };

  it('gives each record its event and the deadline', async () => {
    const seen: unknown[] = [];
    const run: Work = async (given, { deadline }) => {
      seen.push([given, deadline]);
      return [];
    };
    expect(await handle(run, batch(body(event('a')), body(event('b'))))).toEqual(failures());
    const deadline = new Date('2026-03-01T12:00:09Z');
    expect(seen).toEqual([
      [event('a'), deadline],
      [event('b'), deadline],
    ]);
  });

  it('logs a line a decision: its code, its sentence and whom it is about', async () => {
    const run: Work = async () => [
      { kind: 'done', code: 'LaunchOpened', detail: { level: 3 } },
      { kind: 'done', code: 'LaunchComplete' },
    ];
    await handle(run, batch(body(event('a'))));
    const ids = { requestId: 'request-1', messageId: 'm0', kind: 'Pod', namespace: 'default', name: 'a' };
    expect(log.entries).toMatchObject([
      {
        level: 'info',
        message: 'a start level was opened',
        fields: { ...ids, code: 'LaunchOpened', level: 3 },
      },
      { level: 'info', message: 'all start levels are open', fields: { ...ids, code: 'LaunchComplete' } },
    ]);
  });

  it('reports only the records that failed, and runs the others', async () => {
    const run: Work = async ({ ref }) => {
      if (ref.name === 'bad') throw new Error('no');
      return done(event(ref.name), { deadline: new Date() });
    };
    const given = batch(body(event('a')), body(event('bad')), body(event('c')));
    expect(await handle(run, given)).toEqual(failures('m1'));
    expect(log.entries.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'the message failed', fields: { messageId: 'm1', name: 'bad', code: 'Fault' } },
    ]);
    expect(log.entries.filter(({ level }) => level === 'info')).toHaveLength(2);
  });

  it('runs the records of a batch beside each other', async () => {
    let meet: () => void = () => undefined;
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const run: Work = async ({ ref }) => {
      if (ref.name === 'b') meet();
      await met;
      return [];
    };
    expect(await handle(run, batch(body(event('a')), body(event('b'))))).toEqual(failures());
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['no JSON', 'password=hunter2', { code: 'InputMalformed', field: 'body' }],
    ['a later version', body({ ...event('a'), v: 2 }), { code: 'EventVersionUnknown', field: 'detail.v' }],
    [
      'a missing field',
      body({ ...event('a'), sets: undefined }),
      { code: 'InputMalformed', field: 'detail.sets' },
    ],
    [
      'an event for another function',
      body(event('a', { calls: ['rollout'] })),
      { code: 'InputMalformed', field: 'detail.calls' },
    ],
  ])('fails a record with %s, by code and field, without its body', async (_, text, fields) => {
    expect(await handle(done, batch(text, body(event('b'))))).toEqual(failures('m0'));
    expect(log.entries).toMatchObject([{ level: 'error', fields }, { level: 'info' }]);
    expect(JSON.stringify(log.entries)).not.toContain('hunter2');
  });

  it('fails the invocation when the event is no batch', async () => {
    await expect(handle(done, { version: '2.0' })).rejects.toThrow('Records: must be a list');
    expect(log.entries).toMatchObject([
      { level: 'error', fields: { code: 'InputMalformed', field: 'Records' } },
    ]);
  });

  describe('what must wait', () => {
    const wait =
      (again: ClusterEvent): Work =>
      async () => [{ kind: 'later', code: 'LaunchWaiting', seconds: 5, event: again, detail: { level: 2 } }];

    it('is sent on with one hop more, and the record is acknowledged', async () => {
      const given = event('a', { hops: 7 });
      expect(await handle(wait(given), batch(body(given)))).toEqual(failures());
      expect(sent).toEqual([{ event: event('a', { hops: 8 }), seconds: 5 }]);
      expect(log.entries).toMatchObject([
        { level: 'info', fields: { code: 'LaunchWaiting', seconds: 5, hops: 8, level: 2 } },
      ]);
    });

    it('is left to resync beyond the limit of hops, and the record is acknowledged', async () => {
      const given = event('a', { hops: MAX_HOPS });
      expect(await handle(wait(given), batch(body(given)))).toEqual(failures());
      expect(sent).toEqual([]);
      expect(log.entries).toMatchObject([{ level: 'warn', fields: { code: 'HopLimit', name: 'a' } }]);
    });

    it('fails the record when it can not be sent', async () => {
      const refuse = () => Promise.reject(new Error('no network'));
      expect(await handle(wait(event('a')), batch(body(event('a'))), refuse)).toEqual(failures('m0'));
    });
  });
});
