/** The event on the bus: a hint, never state. Flat, no containers, no secrets. */

export const EVENT_VERSION = 1;
export const EVENT_SOURCE = 'sidecarset-serverless';
export const EVENT_DETAIL_TYPE = 'Cluster Change';

/** A unit of work; the rule of that name routes the event to the function of that name. */
export type Call = 'launch' | 'terminate' | 'rollout';

export interface ObjectRef {
  kind: 'Pod' | 'SidecarSet';
  namespace?: string;
  name: string;
  uid?: string;
}

export interface ClusterEvent {
  v: typeof EVENT_VERSION;
  cluster: string;
  ref: ObjectRef;
  /** SidecarSet names: from the Pod's injected list, or the SidecarSet itself. */
  sets: string[];
  /** The version that the reviewed write replaces; absent for a CREATE and for resync. */
  resourceVersion?: string;
  calls: Call[];
  /** Of a message that watches over a batch: the version of the Pod list that the batch was decided on. */
  listed?: string;
  /** How often our own functions have sent this on; limited. */
  hops: number;
  /** How often a reader came too early; the last look decides on what it sees. */
  looks: number;
  /** RFC 3339. */
  at: string;
}
