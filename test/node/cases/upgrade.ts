/** In-place upgrades, on a real kubelet. */
import { expect, it } from 'vitest';
import { ANNOTATION_STRATEGY } from '../../../shared/model/names.ts';
import { SHELL_IMAGE_2 } from '../rig/images.ts';
import type { Served } from '../rig/served.ts';
import { MAIN, main, podSpec, SCRIPTS, SIDE, shell, side, sidecarSetOf } from './objects.ts';
import { isRunning, statusOf, untilPod } from './watching.ts';

const COUNTS = ['-o', 'jsonpath={.status.updatedPods} {.status.updatedReadyPods}'];

const podOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { set: name } },
  spec: podSpec([main('sleep 1d')], { restartPolicy: 'Always' }),
});

export const upgradeCases = (served: () => Served): void => {
  it.each([
    ['compatible', 'upgraded'],
    ['native', 'upgraded-native'],
  ])('an upgrade restarts the %s sidecar alone', async (strategy, name) => {
    const { kubectl, history } = served();
    const annotations = { [ANNOTATION_STRATEGY]: strategy };
    const set = (image: string) =>
      sidecarSetOf({ name, annotations, containers: [side({ ...shell(SCRIPTS.exits0), image, env: [] })] });
    await kubectl.apply(set('node.test/shell:1'));
    await kubectl.apply(podOf(name));
    const before = await untilPod(history, name, (pod) => isRunning(pod, SIDE) && isRunning(pod, MAIN));
    await kubectl.apply(set(SHELL_IMAGE_2));
    const after = await untilPod(
      history,
      name,
      (pod) => isRunning(pod, SIDE) && statusOf(pod, SIDE)?.image === SHELL_IMAGE_2,
    );
    expect(statusOf(after, SIDE)?.restartCount).toBe(1);
    expect(statusOf(after, MAIN)?.containerID).toBe(statusOf(before, MAIN)?.containerID);
    await kubectl.until(/^1 1$/, 'get', 'sidecarset', name, ...COUNTS);
  });
};
