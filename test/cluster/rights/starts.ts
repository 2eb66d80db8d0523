/** Pods whose start does not go on, which `launch` reports with its own identity. The node is played by us. */
import { createLaunch } from '../../../functions/launch/run.ts';
import type { Container, ContainerStatus, Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import { createFixedClock } from '../../support/fakes.ts';
import { ended, eventFor, main, RUNNING, statusOf, WAITING } from '../../support/pods.ts';
import type { Setting } from './setting.ts';

interface Where {
  namespace: string;
  name: string;
}

const behind = (podName: string, key: string, container: Container): Container => ({
  ...container,
  env: [
    {
      name: 'KRUISE_CONTAINER_BARRIER',
      valueFrom: { configMapKeyRef: { name: `${podName}-barrier-a1b2c`, key } },
    },
  ],
});

/** On a node, with two levels, of which the first is opened. */
const createPod = async ({ admin }: Setting, { namespace, name }: Where): Promise<void> => {
  const containers = [behind(name, 'p_1', main('first')), behind(name, 'p_0', main('second'))];
  await admin.create<Pod>(PODS, {
    metadata: { namespace, name },
    spec: { restartPolicy: 'Never', nodeName: 'nobody', containers },
  });
};

const report = ({ admin }: Setting, where: Where, first: ContainerStatus): Promise<Pod> => {
  const status = { containerStatuses: [first, statusOf('second', WAITING)] };
  return admin.patch(PODS, where, { status }, { type: 'merge', subresource: 'status' });
};

/** A level that becomes ready after its time, and a container that fails for good: the codes of what is made of it. */
export const startLateOrNever = async (setting: Setting, namespace: string): Promise<string[]> => {
  // The API server says when a Pod was created.
  const clock = createFixedClock(new Date().toISOString());
  const launch = createLaunch({ cluster: setting.clusters.launch, clock });
  const found: string[] = [];
  const run = async ({ name }: Where): Promise<void> => {
    const outcomes = await launch(eventFor('launch', { ref: { kind: 'Pod', namespace, name } }));
    found.push(...outcomes.map(({ code }) => `${name}: ${code}`));
  };
  const [late, failed] = [
    { namespace, name: 'late' },
    { namespace, name: 'failed' },
  ];
  for (const where of [late, failed]) {
    await createPod(setting, where);
    await run(where);
  }
  await report(setting, late, statusOf('first', RUNNING));
  clock.pass(301);
  await run(late);
  await report(setting, late, statusOf('first', RUNNING, true));
  await run(late);
  await report(setting, failed, statusOf('first', ended(1)));
  await run(failed);
  const { admin } = setting;
  for (const where of [late, failed]) {
    const { status } = (await admin.get<Pod>(PODS, where)) ?? {};
    const condition = status?.conditions?.find(
      ({ type }) => type === 'serverless.sidecarset.io/LaunchBlocked',
    );
    found.push(`${where.name}: ${status?.phase} ${condition?.reason}`);
  }
  return found;
};
