/** The events of a resync: for each object that may wait for us, as if it had just changed. */
import { type Call, type ClusterEvent, EVENT_VERSION, type ObjectRef } from '../../model/event.ts';
import type { ObjectMeta } from '../../model/kubernetes.ts';
import { ANNOTATION_MANAGED } from '../../model/names.ts';
import { isLaunchCompleted } from '../launch/plan.ts';
import { injectedSets } from '../resources/pod.ts';
import type { ForwardContext } from './forward.ts';
import { isLeftAlone } from './namespaces.ts';

export interface PodResync {
  call: Extract<Call, 'launch' | 'terminate'>;
  /** All that the API server can choose; the rest is chosen by {@link podResyncEvents}. */
  fieldSelector: string;
}

/** A Pod stays Pending until every container has started once, and Running until every container has ended. */
export const POD_RESYNCS: readonly PodResync[] = [
  { call: 'terminate', fieldSelector: 'spec.restartPolicy!=Always,status.phase=Running' },
  { call: 'launch', fieldSelector: 'status.phase=Pending' },
];

interface Listed {
  metadata: ObjectMeta;
}

const isOurs = ({ metadata }: Listed): boolean =>
  injectedSets({ metadata }).length > 0 || metadata.annotations?.[ANNOTATION_MANAGED] !== undefined;

/** A resync event replaces no version: it has no `resourceVersion`. */
const eventOf = (ref: ObjectRef, call: Call, sets: string[], context: ForwardContext): ClusterEvent => ({
  v: EVENT_VERSION,
  ...context,
  ref,
  sets,
  calls: [call],
  hops: 0,
  looks: 0,
});

/** An event for each Pod of ours that may wait for `call`. */
export const podResyncEvents = (
  { call }: PodResync,
  pods: Listed[],
  context: ForwardContext,
): ClusterEvent[] =>
  pods
    .filter(isOurs)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined && !isLeftAlone(metadata.namespace))
    .filter((pod) => call !== 'launch' || !isLaunchCompleted(pod))
    .map(({ metadata }) => {
      const { namespace, name, uid } = metadata;
      return eventOf({ kind: 'Pod', namespace, name, uid }, call, injectedSets({ metadata }), context);
    });

/** An event for each SidecarSet. */
export const setResyncEvents = (sets: Listed[], context: ForwardContext): ClusterEvent[] =>
  sets.map(({ metadata: { name, uid } }) =>
    eventOf({ kind: 'SidecarSet', name, uid }, 'rollout', [name], context),
  );
