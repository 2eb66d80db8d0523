import { beforeEach, expect, it } from 'vitest';
import { createVersionReader, type ReadVersion } from '../../../functions/inject/serverVersion.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';
import { createMovingClock, type MovingClock } from '../../support/movingClock.ts';

const MINUTES = 60_000;
const KUBERNETES_1_34 = { major: 1, minor: 34 };

let cluster: FakeCluster;
let clock: MovingClock;
let log: FakeLog;
let read: ReadVersion;

beforeEach(() => {
  cluster = createFakeCluster();
  clock = createMovingClock();
  log = createFakeLog();
  read = createVersionReader({ cluster, clock, log });
});

const fails = () =>
  cluster.before('version', '', () => {
    throw new Error('no route');
  });
const reads = (): number => cluster.calls.filter(({ verb }) => verb === 'version').length;
const warnings = (): number => log.entries.filter(({ level }) => level === 'warn').length;

it('reads the version once for some minutes, and then sees an upgrade', async () => {
  expect([await read(), await read()]).toEqual([KUBERNETES_1_34, KUBERNETES_1_34]);
  expect(reads()).toBe(1);
  cluster.serverVersion = { major: 1, minor: 35 };
  clock.advance(9 * MINUTES);
  expect(await read()).toEqual(KUBERNETES_1_34);
  clock.advance(MINUTES);
  expect(await read()).toEqual({ major: 1, minor: 35 });
});

it('knows nothing where it can not be read, says so, and tries again soon, but not for each Pod', async () => {
  fails();
  expect([await read(), await read()]).toEqual([undefined, undefined]);
  expect([reads(), warnings()]).toEqual([1, 1]);
  clock.advance(10_000);
  expect(await read()).toEqual(KUBERNETES_1_34);
});

it('keeps what it knew while it can not be read', async () => {
  await read();
  clock.advance(10 * MINUTES);
  fails();
  expect(await read()).toEqual(KUBERNETES_1_34);
  expect(warnings()).toBe(1);
});

it('waits no longer than the webhook can', async () => {
  const answer = Promise.withResolvers<void>();
  cluster.before('version', '', () => answer.promise);
  const reading = read();
  clock.advance(2_000);
  expect(await reading).toBeUndefined();
  answer.reject(new Error('too late to matter'));
});

it('leaves no timer behind', async () => {
  await read();
  expect(clock.waiting()).toBe(0);
});
