/** Which Pod is upgraded first: whose loss costs least, as Kubernetes' own controllers order Pods. */
import type { ContainerStatus, Pod } from '../../model/kubernetes.ts';
import { isReady } from '../resources/pod.ts';
import { isNativeSidecar } from '../revision/hash.ts';

type Compare = (a: Pod, b: Pod) => number;

const rising =
  (rank: (pod: Pod) => number): Compare =>
  (a, b) =>
    rank(a) - rank(b);

const PHASES: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

const since = (moment: string | undefined): number => (moment === undefined ? Infinity : Date.parse(moment));

/** Later first, a missing time before all. */
const latestFirst =
  (moment: (pod: Pod) => number): Compare =>
  (a, b) =>
    moment(a) === moment(b) ? 0 : moment(b) - moment(a);

const readySince = (pod: Pod): number =>
  since(pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime);

const mostRestarts = (statuses: ContainerStatus[] = []): number =>
  Math.max(0, ...statuses.map(({ restartCount }) => restartCount));

/** Restarts of restartable init containers; plain ones do not count. */
const sidecarRestarts = ({ spec, status }: Pod): number => {
  const native = new Set((spec.initContainers ?? []).filter(isNativeSidecar).map(({ name }) => name));
  return mostRestarts(status?.initContainerStatuses?.filter(({ name }) => native.has(name)));
};

const byText =
  (text: (pod: Pod) => string): Compare =>
  (a, b) => {
    const [left, right] = [text(a), text(b)];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  };

const RULES: Compare[] = [
  rising((pod) => (pod.spec.nodeName ? 1 : 0)),
  rising((pod) => PHASES[pod.status?.phase ?? ''] ?? 0),
  rising((pod) => (isReady(pod) ? 1 : 0)),
  (a, b) => (isReady(a) && isReady(b) ? latestFirst(readySince)(a, b) : 0),
  rising((pod) => -mostRestarts(pod.status?.containerStatuses)),
  rising((pod) => -sidecarRestarts(pod)),
  latestFirst((pod) => since(pod.metadata.creationTimestamp)),
  // OpenKruise leaves ties open; a total order makes two runs choose alike.
  byText(({ metadata }) => metadata.namespace ?? ''),
  byText(({ metadata }) => metadata.name),
];

/** A total order: unassigned, pending, not ready, ready for the shortest time, most restarts, youngest, then by name. */
export const inUpgradeOrder = (pods: Pod[]): Pod[] =>
  pods.toSorted((a, b) => {
    for (const rule of RULES) {
      const difference = rule(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  });
