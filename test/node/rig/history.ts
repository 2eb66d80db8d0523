/** All that a watch of the API server has shown of Pods and Jobs, with the time at which it was seen. */
import type { RunningCluster } from '../../../infra/local/cluster/cluster.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Log } from '../../../shared/io/ports.ts';
import type { KubernetesObject, Pod } from '../../../shared/model/kubernetes.ts';
import { JOBS, PODS } from '../../../shared/model/resources.ts';
import { createRemoteClient } from '../../cluster/node/client.ts';

export interface Job extends KubernetesObject {
  status?: { conditions?: { type: string; status: string; reason?: string }[] };
}

export interface Seen<T> {
  /** Milliseconds since 1970. */
  at: number;
  object: T;
}

export interface History {
  /** What was seen of the Pods of a Job, or of the Pod of that name, oldest first. */
  pods(name: string): Seen<Pod>[];
  jobs(name: string): Seen<Job>[];
  stop(): void;
}

const LABEL_JOB = 'batch.kubernetes.io/job-name';

/** Job and Pod names are unique over all namespaces here. */
export const followHistory = (cluster: RunningCluster, log: Log): History => {
  const access = { url: cluster.url, ca: cluster.authority.ca, credentials: { token: cluster.token } };
  const client = createRemoteClient(access, systemClock, log);
  const pods: Seen<Pod>[] = [];
  const jobs: Seen<Job>[] = [];
  client.follow<Pod>(PODS, {}, (_, object) => {
    pods.push({ at: Date.now(), object });
  });
  client.follow<Job>(JOBS, {}, (_, object) => {
    jobs.push({ at: Date.now(), object });
  });
  return {
    pods: (name) =>
      pods.filter(({ object: { metadata } }) => (metadata.labels?.[LABEL_JOB] ?? metadata.name) === name),
    jobs: (name) => jobs.filter(({ object }) => object.metadata.name === name),
    stop: () => client.close(),
  };
};
