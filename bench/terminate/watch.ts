/** What a watch of the API server shows of Jobs and their Pods. */
import { systemClock } from '../../shared/io/clock.ts';
import type { Log } from '../../shared/io/ports.ts';
import type { KubernetesObject, Pod } from '../../shared/model/kubernetes.ts';
import { JOBS, PODS } from '../../shared/model/resources.ts';
import { createRemoteClient } from '../../test/cluster/node/client.ts';
import { MAIN, NAMESPACE, SIDE } from './jobs.ts';
import type { ClusterAnswer } from './messages.ts';
import { now, type Stamp, type What } from './stamp.ts';

interface Job extends KubernetesObject {
  status?: { conditions?: { type: string; status: string }[] };
}

const LABEL_JOB = 'batch.kubernetes.io/job-name';

export interface WatchOptions {
  cluster: ClusterAnswer;
  log: Log;
  /** Each time that it has become true: a sidecar that gets its exit image may end twice. */
  onStamp(stamp: Stamp): void;
  onPod(job: string, pod: string): void;
}

const hasEnded = ({ status }: Pod, name: string): boolean =>
  [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].some(
    (each) => each.name === name && each.state?.terminated !== undefined,
  );

/** Calls `onStamp` for what has become true since the last look at the object. */
const createDetector = (onStamp: WatchOptions['onStamp']) => {
  const before = new Map<string, Set<What>>();
  return (name: string, facts: Partial<Record<What, boolean>>): void => {
    const at = now();
    const isTrue = new Set((Object.keys(facts) as What[]).filter((what) => facts[what]));
    for (const what of isTrue.difference(before.get(name) ?? new Set())) onStamp({ name, what, at });
    before.set(name, isTrue);
  };
};

export const startWatches = ({ cluster, log, onStamp, onPod }: WatchOptions): { stop(): void } => {
  const { url, ca, token } = cluster;
  const client = createRemoteClient({ url, ca, credentials: { token } }, systemClock, log);
  const detect = createDetector(onStamp);
  client.follow<Pod>(PODS, { namespace: NAMESPACE }, (_, pod) => {
    const { name, labels } = pod.metadata;
    detect(name, {
      'main-ended': hasEnded(pod, MAIN),
      'side-ended': hasEnded(pod, SIDE),
      'pod-ended': ['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''),
    });
    onPod(labels?.[LABEL_JOB] ?? '', name);
  });
  client.follow<Job>(JOBS, { namespace: NAMESPACE }, (_, { metadata, status }) => {
    const is = (type: string): boolean =>
      status?.conditions?.some((each) => each.type === type && each.status === 'True') === true;
    detect(metadata.name, { complete: is('Complete'), failed: is('Failed') });
  });
  return { stop: () => client.close() };
};
