/**
 * What the play sees of the cluster, and how it waits: for conditions, re-checked at every change and now and then, as
 * the end of a function's work is no change of the cluster.
 */
import type { NodeFact } from '../../infra/local/cluster/node/facts.ts';
import type { Condition, KubernetesObject, Pod } from '../../shared/model/kubernetes.ts';
import { EVENTS, PODS, type Resource, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { UserCluster } from '../cluster.ts';
import { UserFacingError } from '../failure.ts';

export interface Job extends KubernetesObject {
  spec: { template: { spec: Pod['spec'] } };
  status?: { conditions?: Condition[]; succeeded?: number; failed?: number };
}

interface Event extends KubernetesObject {
  type?: string;
  reason?: string;
  message?: string;
  involvedObject?: { kind?: string; name?: string };
}

const JOBS: Resource = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true };

/** A Pod as it was seen at a moment. */
export interface PodSight {
  at: Date;
  pod: Pod;
}

export interface Stage {
  /** Every sight of every Pod, in order. */
  sights: PodSight[];
  facts: NodeFact[];
  pods(): Pod[];
  job(name: string): Job | undefined;
  sidecarSet(name: string): SidecarSet | undefined;
  /** The newest Warning event, for the detail of a check that failed by waiting in vain. */
  lastWarning(): string | undefined;
  addFact(fact: NodeFact): void;
  /** Resolves to what `condition` returns once it is not undefined, or to undefined after `seconds`. */
  until<T>(condition: () => T | undefined, seconds: number): Promise<T | undefined>;
  /** Lets every `until` reject with an interruption. */
  interrupt(reason: Error): void;
  close(): void;
}

const LOOK_MILLISECONDS = 200;
const BAD_IMAGE = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'];

/** A container that can never start, said as a sentence. */
const impossible = (pod: Pod): string | undefined => {
  const stuck = pod.status?.containerStatuses?.find(({ state }) =>
    BAD_IMAGE.includes(state?.waiting?.reason ?? ''),
  );
  return (
    stuck &&
    `container ${stuck.name} of Pod ${pod.metadata.name} can't start: ${stuck.state?.waiting?.message}`
  );
};

export const openStage = async (
  cluster: UserCluster,
  onPod: (previous: Pod | undefined, pod: Pod, type: string) => void,
): Promise<Stage> => {
  const pods = new Map<string, Pod>();
  const jobs = new Map<string, Job>();
  const sets = new Map<string, SidecarSet>();
  const sights: PodSight[] = [];
  const facts: NodeFact[] = [];
  const waiters = new Set<() => void>();
  let warning: string | undefined;
  let failure: Error | undefined;

  const changed = () => {
    for (const wake of [...waiters]) wake();
  };
  const fail = (reason: Error) => {
    failure ??= reason;
    changed();
  };
  const keep =
    <T extends KubernetesObject>(map: Map<string, T>) =>
    (type: string, object: T) => {
      if (type === 'DELETED') map.delete(object.metadata.name);
      else map.set(object.metadata.name, object);
      changed();
    };
  const seePod = (type: string, pod: Pod) => {
    const previous = pods.get(pod.metadata.name);
    sights.push({ at: new Date(), pod });
    keep(pods)(type, pod);
    onPod(previous, pod, type);
    const reason = impossible(pod);
    if (reason) fail(new UserFacingError(reason));
  };
  const seeEvent = (_: string, event: Event) => {
    const { kind, name } = event.involvedObject ?? {};
    if (event.type === 'Warning') warning = `${kind} ${name}: ${event.reason}: ${event.message}`;
  };
  const stops = await Promise.all([
    cluster.follow<Pod>(PODS, seePod),
    cluster.follow<Job>(JOBS, keep(jobs)),
    cluster.follow<SidecarSet>(SIDECARSETS, keep(sets)),
    cluster.follow<Event>(EVENTS, seeEvent),
  ]);

  return {
    sights,
    facts,
    pods: () => [...pods.values()],
    job: (name) => jobs.get(name),
    sidecarSet: (name) => sets.get(name),
    lastWarning: () => warning,
    addFact(fact) {
      facts.push(fact);
      changed();
    },
    until: (condition, seconds) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void) => {
          clearTimeout(timer);
          clearInterval(interval);
          waiters.delete(look);
          finish();
        };
        const look = () => {
          if (failure) return settle(() => reject(failure));
          const found = condition();
          if (found !== undefined) settle(() => resolve(found));
        };
        const timer = setTimeout(() => settle(() => resolve(undefined)), seconds * 1000);
        const interval = setInterval(look, LOOK_MILLISECONDS);
        waiters.add(look);
        look();
      }),
    interrupt: fail,
    close() {
      for (const stop of stops) stop();
    },
  };
};
