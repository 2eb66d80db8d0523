/** Which work a reviewed change calls for. */
import type { AdmissionRequest } from '../../model/admission.ts';
import { type Call, type ClusterEvent, EVENT_VERSION, type ObjectRef } from '../../model/event.ts';
import type { KubernetesObject, Pod } from '../../model/kubernetes.ts';
import { ACCOUNT_ROLLOUT, ACCOUNT_TERMINATE, GROUP_ROLLOUT, GROUP_TERMINATE } from '../../model/names.ts';
import type { Code } from '../../model/reasons.ts';
import { PODS, type Resource, SIDECARSETS } from '../../model/resources.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import type { Change } from './change.ts';
import { asksForLaunch } from './launchCall.ts';
import { isLeftAlone } from './namespaces.ts';
import { podAsksForRollout, setAsksForRollout, setsOf } from './rolloutCall.ts';
import { asksForTermination } from './terminateCall.ts';

export type Forward = { kind: 'event'; event: ClusterEvent } | { kind: 'nothing'; code: Code };

export interface ForwardContext {
  /** Name of the cluster that sent the review. */
  cluster: string;
  /** RFC 3339. */
  at: string;
}

interface Work {
  calls: Call[];
  sets: string[];
}

/**
 * A run of `rollout` knows what it has written; what comes of it, the node reports. So with the images by which
 * `terminate` ends sidecars; a phase that it sets ends the Pod for good, and is news.
 */
const isOwnWrite = ({ userInfo: { username, groups = [] }, subResource }: AdmissionRequest): boolean => {
  const isBy = (group: string, account: string): boolean => groups.includes(group) || username === account;
  return (
    isBy(GROUP_ROLLOUT, ACCOUNT_ROLLOUT) ||
    (subResource !== 'status' && isBy(GROUP_TERMINATE, ACCOUNT_TERMINATE))
  );
};

/** Pods: what the change itself asks for. */
const podWork = (change: Change): Work => {
  const asked: Record<Call, boolean> = {
    launch: asksForLaunch(change),
    terminate: asksForTermination(change),
    rollout: podAsksForRollout(change),
  };
  return {
    calls: (['launch', 'terminate', 'rollout'] as const).filter((call) => asked[call]),
    sets: setsOf(change),
  };
};

const setWork = (change: Change<SidecarSet>, name: string): Work => ({
  calls: setAsksForRollout(change) ? ['rollout'] : [],
  sets: [name],
});

/** An eviction names the Pod and nothing of it, not even its SidecarSets: those are for the reader to find. */
const EVICTION: Work = { calls: ['rollout'], sets: [] };

/** The review's objects as what its `resource` says they are; the API server has validated them. */
const changeOf = <T extends KubernetesObject>(request: AdmissionRequest): Change<T> => ({
  before: (request.oldObject ?? undefined) as T | undefined,
  after: (request.object ?? undefined) as T | undefined,
});

const workOf = (request: AdmissionRequest, name: string): Work | undefined => {
  const { resource, subResource = '' } = request;
  const is = (known: Resource): boolean =>
    known.group === resource.group && known.plural === resource.resource;
  if (is(SIDECARSETS) && subResource === '') return setWork(changeOf<SidecarSet>(request), name);
  if (!is(PODS) || isOwnWrite(request)) return undefined;
  if (subResource === '' || subResource === 'status') return podWork(changeOf<Pod>(request));
  return subResource === 'eviction' && request.operation === 'CREATE' ? EVICTION : undefined;
};

/** Names become path segments of later requests: what the API server would not take as a name goes no further. */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** On DELETE there is only the old object; a deletecollection has no name in the request. */
const refOf = (request: AdmissionRequest): ObjectRef | undefined => {
  const metadata = (request.object ?? request.oldObject)?.metadata;
  const isPod = request.resource.resource === PODS.plural;
  const name = metadata?.name || request.name || '';
  const namespace = isPod ? request.namespace || metadata?.namespace || '' : undefined;
  if (!NAME.test(name) || (isPod && !NAME.test(namespace ?? ''))) return undefined;
  return { kind: isPod ? 'Pod' : 'SidecarSet', namespace, name, uid: metadata?.uid || undefined };
};

const nothing = (code: Code): Forward => ({ kind: 'nothing', code });

/**
 * The event that a reviewed change calls for, or the code of why it calls for none.
 * The event carries the version that the write replaces: a review is sent before its write is visible.
 */
export const forward = (request: AdmissionRequest, { cluster, at }: ForwardContext): Forward => {
  if (request.dryRun === true) return nothing('ObserveDryRun');
  const ref = refOf(request);
  if (ref === undefined) return nothing('ObserveUnreadable');
  if (isLeftAlone(ref.namespace)) return nothing('ObserveNamespace');
  const work = workOf(request, ref.name);
  if (work === undefined || work.calls.length === 0) return nothing('ObserveNothing');
  const resourceVersion = request.oldObject?.metadata.resourceVersion;
  return {
    kind: 'event',
    event: { v: EVENT_VERSION, cluster, ref, ...work, resourceVersion, hops: 0, looks: 0, at },
  };
};
