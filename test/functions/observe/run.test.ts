import { beforeEach, describe, expect, it } from 'vitest';
import { createObserve } from '../../../functions/observe/run.ts';
import { PODS } from '../../../shared/model/resources.ts';
import {
  createFakeBus,
  createFakeLog,
  createFixedClock,
  type FakeBus,
  type FakeLog,
} from '../../support/fakes.ts';
import { main, makePod } from '../../support/pods.ts';
import { reviewOf } from '../../support/reviews.ts';

let bus: FakeBus;
let log: FakeLog;
const observe = (body: unknown) =>
  createObserve({ bus, log, clock: createFixedClock(), cluster: 'test' })(body);

const injected = makePod({
  containers: [main()],
  metadata: { annotations: { 'kruise.io/sidecarset-injected-list': 'logs' } },
});

const review = (request: object) => reviewOf(PODS, { object: injected, ...request });

const ALLOWED = { response: { uid: 'review-1', allowed: true } };

beforeEach(() => {
  bus = createFakeBus();
  log = createFakeLog();
});

it('allows a change and puts its event on the bus', async () => {
  await expect(observe(review({}))).resolves.toMatchObject(ALLOWED);
  expect(bus.published).toMatchObject([
    { cluster: 'test', calls: ['rollout'], sets: ['logs'], at: '2026-03-01T12:00:00.000Z' },
  ]);
});

it('reads a deletion from the old object', async () => {
  await observe(review({ operation: 'DELETE', object: null, oldObject: injected }));
  expect(bus.published).toMatchObject([{ ref: { name: 'job-x' }, resourceVersion: '7', calls: ['rollout'] }]);
});

it.each([
  ['a dry run', { dryRun: true }],
  ['a change that asks for no work', { object: makePod({ containers: [main()] }) }],
])('allows %s and sends nothing', async (_, request) => {
  await expect(observe(review(request))).resolves.toMatchObject(ALLOWED);
  expect(bus.published).toEqual([]);
});

describe('a lost event', () => {
  it('never denies the change: the bus does not take it', async () => {
    bus.fault = new Error('the bus is down');
    await expect(observe(review({}))).resolves.toMatchObject(ALLOWED);
    expect(log.entries).toMatchObject([
      { level: 'error', fields: { code: 'ObserveLost', fault: bus.fault } },
    ]);
  });

  it.each([
    ['a Pod without a spec', { object: { metadata: { name: 'x' } } }],
    ['a Pod whose containers are no list', { object: { metadata: { name: 'x' }, spec: { containers: {} } } }],
    [
      'a Pod whose annotation is no text',
      {
        object: {
          metadata: { name: 'x', annotations: { 'kruise.io/sidecarset-injected-list': 1 } },
          spec: { containers: [] },
        },
      },
    ],
    ['no object at all', { object: null }],
  ])('never denies the change: %s', async (_, request) => {
    await expect(observe(review(request))).resolves.toMatchObject(ALLOWED);
    expect(log.entries.map(({ level }) => level)).not.toContain('info');
  });
});

it('says which field of something else is wrong', async () => {
  await expect(observe({ kind: 'Pod' })).rejects.toThrow('apiVersion');
});
