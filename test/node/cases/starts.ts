/** The start order, on a real kubelet. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_LAUNCH_TIMEOUT,
  CONDITION_LAUNCH_BLOCKED,
  ENV_BARRIER,
} from '../../../shared/model/names.ts';
import type { Served } from '../rig/served.ts';
import {
  jobOf,
  MAIN,
  main,
  podSpec,
  priority,
  SCRIPTS,
  SHORT_GRACE,
  SIDE,
  shell,
  side,
  TERMINATE,
} from './objects.ts';
import { hasStarted, isRunning, untilJobEnds, untilPod } from './watching.ts';

const MIDDLE = 'middle';
const first = { env: [TERMINATE, priority(100)] };
const last = { ...main('sleep 1'), env: [priority(0)] };
const agent = side(shell(SCRIPTS.exits0), first);
const again = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'again', namespace: 'default' },
  spec: podSpec([agent, { ...main('sleep 1d'), env: [priority(0)] }], SHORT_GRACE),
};
const NEVER_READY = { readinessProbe: { exec: { command: ['/bin/false'] }, periodSeconds: 1 } };
/** Name of the ConfigMap that opens the start levels of a Pod. */
const barrierOf = ({ spec }: Pod): string =>
  spec.containers.flatMap(({ env }) => env ?? []).find(({ name }) => name === ENV_BARRIER)?.valueFrom
    ?.configMapKeyRef?.name ?? '';
const UID_OF_OWNER = ['-o', 'jsonpath={.metadata.ownerReferences[0].uid}'];

const blocked = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === CONDITION_LAUNCH_BLOCKED && is === 'True') ===
  true;

export const startCases = (served: () => Served): void => {
  describe('containers start in order', () => {
    beforeAll(async () => {
      const { kubectl } = served();
      const middle = { ...agent, name: MIDDLE, env: [TERMINATE, priority(50)] };
      await kubectl.apply(jobOf({ name: 'levels', containers: [last, middle, agent] }));
      const failing = side(shell('sleep 1; exit 1'), { ...first, ...NEVER_READY });
      await kubectl.apply(jobOf({ name: 'failing', containers: [failing, last] }));
      const annotations = { [ANNOTATION_LAUNCH_TIMEOUT]: '1' };
      await kubectl.apply(
        jobOf({ name: 'late', annotations, containers: [{ ...agent, ...NEVER_READY }, last] }),
      );
    }, 60_000);

    it.each([
      [SIDE, MIDDLE],
      [MIDDLE, MAIN],
    ])('%s runs before %s starts, whatever their places in the list', async (before, after) => {
      const { history } = served();
      expect(await untilJobEnds(history, 'levels')).toBe('Complete');
      const seen = history.pods('levels');
      expect(seen.filter(({ object }) => hasStarted(object, after) && !hasStarted(object, before))).toEqual(
        [],
      );
      expect(seen.some(({ object }) => isRunning(object, before) && !hasStarted(object, after))).toBe(true);
    });

    it('a Pod fails when a container has that others wait for, and its Job counts it', async () => {
      const { history, kubectl } = served();
      expect(await untilJobEnds(history, 'failing')).toBe('Failed');
      const { metadata, status } = await untilPod(
        history,
        'failing',
        (pod) => pod.status?.phase === 'Failed',
      );
      expect(status?.containerStatuses?.find(({ name }) => name === MAIN)?.state?.running).toBeUndefined();
      const about = ['--field-selector', `involvedObject.name=${metadata.name}`];
      await kubectl.until(/LaunchFailed/, 'get', 'events', ...about);
    });

    it('a Pod made anew under the same name finds closed doors', async () => {
      const { history, kubectl } = served();
      await kubectl.apply(again);
      const { metadata: old } = await untilPod(history, 'again', (pod) => isRunning(pod, MAIN));
      await kubectl('delete', 'pod', 'again');
      await kubectl.apply(again);
      const isNew = ({ metadata }: Pod): boolean => metadata.uid !== old.uid;
      const pod = await untilPod(history, 'again', (each) => isNew(each) && isRunning(each, MAIN));
      const seen = history.pods('again').filter(({ object }) => isNew(object));
      expect(seen.some(({ object }) => isRunning(object, SIDE) && !hasStarted(object, MAIN))).toBe(true);
      expect(await kubectl('get', 'configmap', barrierOf(pod), ...UID_OF_OWNER)).toBe(pod.metadata.uid);
    });
  });
};

/** After {@link startCases}: it is noticed by the resync, once a minute. */
export const lateCases = (served: () => Served): void => {
  it('a level that does not become ready in its time is told on the Pod', async () => {
    const { history } = served();
    const pod = await untilPod(history, 'late', blocked);
    expect(hasStarted(pod, MAIN)).toBe(false);
  });
};
