import type { KubernetesObject } from '../model/kubernetes.ts';
import { EVENTS } from '../model/resources.ts';
import { type Cluster, isAlreadyExists } from './ports.ts';

/** Creates an Event. One that is there already was created by a run that ended before its next write. */
export const tell = async (cluster: Pick<Cluster, 'create'>, event: KubernetesObject): Promise<void> => {
  try {
    await cluster.create(EVENTS, event);
  } catch (fault) {
    if (!isAlreadyExists(fault)) throw fault;
  }
};
