import { beforeEach, expect, it } from 'vitest';
import { createStrategyReader, type ReadStrategy } from '../../../functions/inject/defaultStrategy.ts';
import type { ConfigMap } from '../../../shared/model/kubernetes.ts';
import { CONFIG_MAPS } from '../../../shared/model/resources.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';
import { createMovingClock, type MovingClock } from '../../support/movingClock.ts';
import { configMap } from './setting.ts';

const MINUTE = 60_000;

let cluster: FakeCluster;
let clock: MovingClock;
let log: FakeLog;
let read: ReadStrategy;

beforeEach(() => {
  cluster = createFakeCluster();
  clock = createMovingClock();
  log = createFakeLog();
  read = createStrategyReader({ cluster, clock, log });
});

const write = (strategy: string) => cluster.put(CONFIG_MAPS, configMap({ strategy }));
const fails = () =>
  cluster.before('get', 'configmaps', () => {
    throw new Error('no route');
  });
const warnings = (): (string | undefined)[] =>
  log.entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
const UNKNOWN = 'the strategy of the installation means nothing';
const UNREADABLE = 'the strategy of the installation could not be read';

it.each<[string, ConfigMap | undefined, string, string[]]>([
  ['no ConfigMap', undefined, 'compatible', []],
  ['a ConfigMap without data', configMap(), 'compatible', []],
  ['another key', configMap({ strategies: 'native' }), 'compatible', []],
  ['native', configMap({ strategy: 'native' }), 'native', []],
  ['compatible', configMap({ strategy: 'compatible' }), 'compatible', []],
  ['a word in capitals', configMap({ strategy: 'Native' }), 'compatible', [UNKNOWN]],
  ['a word and a line end', configMap({ strategy: 'native\n' }), 'compatible', [UNKNOWN]],
  ['no word', configMap({ strategy: '' }), 'compatible', [UNKNOWN]],
])('takes %s', async (_, map, expected, said) => {
  if (map) cluster.put(CONFIG_MAPS, map);
  expect(await read()).toBe(expected);
  expect(warnings()).toEqual(said);
});

it('takes nothing from a ConfigMap of that name in another namespace', async () => {
  const { metadata, ...map } = configMap({ strategy: 'native' });
  cluster.put(CONFIG_MAPS, { ...map, metadata: { ...metadata, namespace: 'default' } });
  expect(await read()).toBe('compatible');
});

it('remembers for a minute, and then sees a change', async () => {
  write('native');
  expect([await read(), await read()]).toEqual(['native', 'native']);
  write('compatible');
  clock.advance(MINUTE - 1);
  expect(await read()).toBe('native');
  expect(cluster.calls).toHaveLength(1);
  clock.advance(1);
  expect(await read()).toBe('compatible');
});

it('says once a read, not once a Pod, that a word means nothing, and which', async () => {
  write('Native');
  await read();
  await read();
  expect(warnings()).toEqual([UNKNOWN]);
  expect(log.entries[0]?.fields).toEqual({
    strategy: 'compatible',
    unknown: 'Native',
    configMap: 'sidecarset-config',
  });
  clock.advance(MINUTE);
  await read();
  expect(warnings()).toEqual([UNKNOWN, UNKNOWN]);
});

it('is compatible where it can not be read, says so, and tries again soon, but not for each Pod', async () => {
  write('native');
  fails();
  expect([await read(), await read()]).toEqual(['compatible', 'compatible']);
  expect(warnings()).toEqual([UNREADABLE]);
  clock.advance(10_000);
  expect(await read()).toBe('native');
});

it('keeps what it knew while it can not be read', async () => {
  write('native');
  await read();
  clock.advance(MINUTE);
  fails();
  expect(await read()).toBe('native');
  expect(warnings()).toEqual([UNREADABLE]);
});

it('waits no longer than the webhook can', async () => {
  const answer = Promise.withResolvers<void>();
  cluster.before('get', 'configmaps', () => answer.promise);
  const reading = read();
  clock.advance(2_000);
  expect(await reading).toBe('compatible');
  answer.reject(new Error('too late to matter'));
});
