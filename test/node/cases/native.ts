/** Native sidecars, on a real kubelet. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Container } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_STRATEGY } from '../../../shared/model/names.ts';
import type { Served } from '../rig/served.ts';
import {
  HANDLERLESS,
  jobOf,
  MAIN,
  main,
  priority,
  SCRIPTS,
  SHORT_GRACE,
  SIDE,
  shell,
  side,
  sidecarSetOf,
  TERMINATE,
  triesOf,
} from './objects.ts';
import { hasStarted, statusOf, untilJobEnds } from './watching.ts';

const NATIVE = { [ANNOTATION_STRATEGY]: 'native' };
const env = { env: [TERMINATE, priority(100)] };
const isReady = {
  readinessProbe: { exec: { command: ['/bin/test', '-f', '/tmp/ready'] }, periodSeconds: 1 },
};

const CASES: [string, string, Container][] = [
  ['exits with 143', 'native-143', side(shell(SCRIPTS.exits143), env)],
  ['has no handler for SIGTERM', 'native-137', side(HANDLERLESS, env)],
  ['crashes before the main container has ended', 'native-crash', side(shell('usleep 700000; exit 1'), env)],
];

export const nativeCases = (served: () => Served): void => {
  describe('a native sidecar', () => {
    beforeAll(async () => {
      const { kubectl } = served();
      const ready = side(shell(`sleep 2; touch /tmp/ready; ${SCRIPTS.exits0}`), { ...env, ...isReady });
      for (const [, name, container] of [...CASES, ['', 'native-ready', ready] as const]) {
        await kubectl.apply(sidecarSetOf({ name, annotations: NATIVE, containers: [container] }));
        const containers = [{ ...main('sleep 3'), env: [priority(0)] }];
        await kubectl.apply(jobOf({ name, labels: { set: name }, containers, pod: SHORT_GRACE }));
      }
    }, 60_000);

    it.each(CASES)('does not fail its Job if it %s, and nothing is tried', async (_, name) => {
      const { history } = served();
      expect(await untilJobEnds(history, name)).toBe('Complete');
      const last = history.pods(name).at(-1)?.object;
      expect(last?.spec.initContainers?.map((each) => [each.name, each.restartPolicy])).toEqual([
        [SIDE, 'Always'],
      ]);
      expect(last && triesOf(last)).toEqual([]);
    });

    it('holds the main container back until it is ready', async () => {
      const { history } = served();
      expect(await untilJobEnds(history, 'native-ready')).toBe('Complete');
      const early = history
        .pods('native-ready')
        .filter(({ object }) => hasStarted(object, MAIN) && statusOf(object, SIDE)?.started !== true);
      expect(early.filter(({ object }) => statusOf(object, SIDE)?.state?.running)).toEqual([]);
    });
  });
};
