/** How long a Job takes from step to step, by each way to end its sidecar. */
import { loadavg } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANNOTATION_STRATEGY } from '../../../shared/model/names.ts';
import type { Served } from '../rig/served.ts';
import { type Moments, momentsOf } from './moments.ts';
import {
  IGNORE,
  jobOf,
  main,
  priority,
  SCRIPTS,
  SIDE,
  shell,
  side,
  sidecarSetOf,
  TERMINATE,
  WITH_IMAGE,
} from './objects.ts';
import { medianSeconds, timesTable } from './timesTable.ts';
import { hasEnded, untilJobEnds, untilPod } from './watching.ts';

const ONE_BY_ONE = 5;
const AT_ONCE = 15;

const WAYS = {
  exec: { env: [TERMINATE], strategy: 'compatible' },
  image: { env: [TERMINATE, WITH_IMAGE], strategy: 'compatible' },
  phase: { env: [TERMINATE, IGNORE], strategy: 'compatible' },
  native: { env: [TERMINATE], strategy: 'native' },
} as const;
type Way = keyof typeof WAYS;

/** Seconds that the main container runs: during the first, something happens at every look of the kubelet. */
const LENGTHS = [1, 4];

const NODE = ['get', 'nodes', '-o', 'jsonpath={.items[0].status.nodeInfo}'];

const described = async ({ kubectl }: Served): Promise<string> => {
  const info = JSON.parse(await kubectl(...NODE));
  return `kubelet ${info.kubeletVersion}, ${info.containerRuntimeVersion}, Linux ${info.kernelVersion}`;
};

export const timeCases = (served: () => Served): void => {
  const tables = new Map<string, Record<string, Moments[]>>();
  const keep = (table: string, way: Way, all: Moments[]): void => {
    tables.set(table, { ...tables.get(table), [way]: all });
  };
  const oneByOne = (length: number): string => `one by one, main container of ${length} s`;

  const start = async (way: Way, name: string, length: number): Promise<void> => {
    const containers = [{ ...main(`sleep ${length}`), env: [priority(0)] }];
    await served().kubectl.apply(jobOf({ name, labels: { set: `times-${way}` }, containers }));
  };
  const untilOver = async (name: string): Promise<Moments> => {
    const { kubectl, history } = served();
    expect(await untilJobEnds(history, name)).toBe('Complete');
    await untilPod(history, name, (pod) => hasEnded(pod, SIDE));
    return momentsOf(kubectl, history, name);
  };

  describe('times', () => {
    describe.each(Object.keys(WAYS) as Way[])('Jobs whose sidecars end by %s', (way) => {
      beforeAll(async () => {
        const { env, strategy } = WAYS[way];
        const annotations = { [ANNOTATION_STRATEGY]: strategy };
        const containers = [side(shell(SCRIPTS.exits0), { env: [...env, priority(100)] })];
        await served().kubectl.apply(sidecarSetOf({ name: `times-${way}`, annotations, containers }));
      });

      it.each(LENGTHS)('complete, one by one, with a main container of %i s', async (length) => {
        const all: Moments[] = [];
        for (let index = 0; index < ONE_BY_ONE; index += 1) {
          const name = `single-${way}-${length}-${index}`;
          await start(way, name, length);
          all.push(await untilOver(name));
        }
        keep(oneByOne(length), way, all);
      });

      it('complete, many at once', async () => {
        const names = Array.from({ length: AT_ONCE }, (_, index) => `many-${way}-${index}`);
        await Promise.all(names.map((name) => start(way, name, 1)));
        keep(`${AT_ONCE} at once, main container of 1 s`, way, await Promise.all(names.map(untilOver)));
      });
    });

    describe('with the sidecar signalled by exec', () => {
      const all = (): Moments[] => tables.get(oneByOne(1))?.['exec'] ?? [];

      it('the signal comes within a second of the end of the main container', () => {
        expect(medianSeconds(all(), 'mainEnds', 'term')).toBeLessThan(1);
      });

      it('the key for the main container comes within half a second of the sidecar being ready', () => {
        expect(medianSeconds(all(), 'sideReady', 'poked')).toBeLessThan(0.5);
      });
    });

    afterAll(async () => {
      if (tables.size === 0) return;
      const texts = [...tables].map(([title, series]) => `${title}\n\n${timesTable(series)}`);
      const load = loadavg()[2]?.toFixed(1);
      console.log([`${await described(served())}, load ${load} (15 min)`, ...texts, ''].join('\n\n'));
    });
  });
};
