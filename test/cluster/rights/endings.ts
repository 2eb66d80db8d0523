/** Pods whose sidecars `terminate` ends in each of its ways, with its own identity. The node is played by us. */
import { createTerminate } from '../../../functions/terminate/run.ts';
import type {
  Container,
  KubernetesObject,
  OwnerReference,
  Pod,
  PodSpec,
} from '../../../shared/model/kubernetes.ts';
import { JOBS, PODS } from '../../../shared/model/resources.ts';
import { createFixedClock } from '../../support/fakes.ts';
import { ended, eventFor, main, RUNNING, sidecar, statusOf } from '../../support/pods.ts';
import type { Setting } from './setting.ts';

const KILLER_IMAGE = 'busybox:1.37';
const exitImage = {
  name: 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE',
  value: 'exit:1',
};
const ignored = { name: 'KRUISE_TERMINATE_SIDECAR_IGNORE_EXIT_CODE', value: 'true' };

interface Ending {
  name: string;
  side: Container;
  restartPolicy: PodSpec['restartPolicy'];
  /** The Pod belongs to a Job. */
  isJob?: true;
}

const ENDINGS: Ending[] = [
  // It has no node, so nothing can be executed in it: the ephemeral container, and after its time the stop.
  { name: 'signalled', side: sidecar(), restartPolicy: 'Never' },
  { name: 'swapped', side: sidecar('side', [exitImage]), restartPolicy: 'OnFailure', isJob: true },
  { name: 'set', side: sidecar('side', [ignored]), restartPolicy: 'Never' },
];

/** Nobody's: no controller looks after it. */
const createJob = async ({ admin }: Setting, namespace: string, name: string): Promise<OwnerReference> => {
  const template = { spec: { restartPolicy: 'Never', containers: [main()] } };
  const job: KubernetesObject & { spec: unknown } = {
    metadata: { namespace, name },
    spec: { managedBy: 'sidecarset.io/nobody', template },
  };
  const { metadata } = await admin.create(JOBS, job);
  return { apiVersion: 'batch/v1', kind: 'Job', name, uid: metadata.uid ?? '', controller: true };
};

const createPod = async (setting: Setting, namespace: string, ending: Ending): Promise<void> => {
  const { admin } = setting;
  const { name, side, restartPolicy, isJob } = ending;
  const key = { namespace, name };
  const ownerReferences = isJob && [await createJob(setting, namespace, name)];
  await admin.create<Pod>(PODS, {
    metadata: { ...key, ...(ownerReferences && { ownerReferences }) },
    spec: { restartPolicy, containers: [main(), side] },
  });
  const status = {
    phase: 'Running',
    containerStatuses: [statusOf('main', ended(0)), statusOf('side', RUNNING)],
  };
  await admin.patch(PODS, key, { status }, { type: 'merge', subresource: 'status' });
};

/** `<Pod>: <code>` of each outcome. */
export const endInEveryWay = async (setting: Setting, namespace: string): Promise<string[]> => {
  const clock = createFixedClock();
  const terminate = createTerminate({
    cluster: setting.clusters.terminate,
    clock,
    killerImage: KILLER_IMAGE,
  });
  const found: string[] = [];
  for (const ending of ENDINGS) await createPod(setting, namespace, ending);
  for (let round = 0; round < 3; round += 1) {
    for (const { name } of ENDINGS) {
      const ref = { kind: 'Pod' as const, namespace, name };
      const outcomes = await terminate(eventFor('terminate', { ref }));
      found.push(...outcomes.map(({ code }) => `${name}: ${code}`));
    }
    clock.pass(60);
  }
  return found;
};
