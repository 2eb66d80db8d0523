/** Pods as `kubectl get pods` shows them: the rules of Kubernetes' own printer (pkg/printers/internalversion). */
import type { Condition, Container, ContainerStatus, Pod } from '../../../../../shared/model/kubernetes.ts';
import { AGE, type Column, NAME, text, wide } from './column.ts';
import { age } from './duration.ts';

interface Summary {
  ready: number;
  total: number;
  restarts: number;
  /** RFC 3339; when a container that counts last ended. */
  lastRestart?: string;
  status: string;
}

/** What one list of container statuses adds to the picture. */
interface Part extends Omit<Summary, 'total' | 'status'> {
  reason?: string;
}

const isRestartable = (container: Container | undefined): boolean => container?.restartPolicy === 'Always';

const holds = (pod: Pod, type: Condition['type']): boolean =>
  (pod.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');

const later = (left: string | undefined, right: string | undefined): string | undefined =>
  left === undefined || (right !== undefined && Date.parse(right) > Date.parse(left)) ? right : left;

const restartsOf = (statuses: ContainerStatus[]): Pick<Part, 'restarts' | 'lastRestart'> => ({
  restarts: statuses.reduce((sum, status) => sum + status.restartCount, 0),
  lastRestart: statuses
    .map((status) => status.lastState?.terminated?.finishedAt)
    .reduce<string | undefined>(later, undefined),
});

const endReason = (ended: { reason?: string; signal?: number; exitCode: number }): string =>
  ended.reason || (ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`);

/** Why the pod is still initializing because of this container; `undefined` if it is not. */
const initBlocker = (pod: Pod, status: ContainerStatus, position: number): string | undefined => {
  const declared = pod.spec.initContainers ?? [];
  const { terminated, waiting } = status.state ?? {};
  if (terminated?.exitCode === 0) return undefined;
  if (isRestartable(declared.find(({ name }) => name === status.name)) && status.started) return undefined;
  if (terminated) return `Init:${endReason(terminated)}`;
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
  return `Init:${position}/${declared.length}`;
};

const initPart = (pod: Pod): Part & { restartable: ContainerStatus[] } => {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const names = (pod.spec.initContainers ?? []).filter(isRestartable).map(({ name }) => name);
  const restartable = statuses.filter(({ name }) => names.includes(name));
  const blockers = statuses.map((status, position) => initBlocker(pod, status, position));
  const first = blockers.findIndex((reason) => reason !== undefined);
  const seen = first === -1 ? statuses : statuses.slice(0, first + 1);
  const passed = first === -1 ? restartable : restartable.filter((one) => statuses.indexOf(one) < first);
  return {
    ...restartsOf(seen),
    ready: passed.filter(({ ready, state }) => ready && !state?.terminated).length,
    reason: first === -1 ? undefined : blockers[first],
    restartable,
  };
};

/** The first container has the last word. */
const mainReason = (statuses: ContainerStatus[]): string | undefined =>
  statuses
    .map(({ state }) => state?.waiting?.reason || (state?.terminated && endReason(state.terminated)))
    .find((reason) => reason);

const mainPart = (pod: Pod, restartable: ContainerStatus[]): Part => {
  const statuses = pod.status?.containerStatuses ?? [];
  const running = statuses.filter(({ ready, state }) => ready && state?.running).length;
  const reason = mainReason(statuses);
  const stillRuns = reason === 'Completed' && running > 0;
  return {
    ...restartsOf([...restartable, ...statuses]),
    ready: running,
    reason: stillRuns ? (holds(pod, 'Ready') ? 'Running' : 'NotReady') : reason,
  };
};

const statusOf = (pod: Pod, containers: string | undefined): string => {
  const phase = pod.status?.phase ?? '';
  const ended = phase === 'Succeeded' || phase === 'Failed';
  if (pod.metadata.deletionTimestamp && !ended) return 'Terminating';
  return containers ?? (pod.status?.reason || phase);
};

/** READY, STATUS and RESTARTS of a pod. */
export const summarize = (pod: Pod): Summary => {
  const init = initPart(pod);
  const total = pod.spec.containers.length + (pod.spec.initContainers ?? []).filter(isRestartable).length;
  if (init.reason !== undefined && !holds(pod, 'Initialized')) {
    return { ...init, total, status: statusOf(pod, init.reason) };
  }
  const main = mainPart(pod, init.restartable);
  return {
    ready: init.ready + main.ready,
    total,
    restarts: main.restarts,
    lastRestart: main.lastRestart,
    status: statusOf(pod, main.reason ?? init.reason),
  };
};

const restartText = (pod: Pod, now: Date): string => {
  const { restarts, lastRestart } = summarize(pod);
  return restarts > 0 && lastRestart ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts);
};

/** How many of the gates are open. */
const gatesText = (pod: Pod): string => {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  return `${gates.filter(({ conditionType }) => holds(pod, conditionType)).length}/${gates.length}`;
};

export const POD_COLUMNS: Column<Pod>[] = [
  NAME,
  text('Ready', (pod) => {
    const { ready, total } = summarize(pod);
    return `${ready}/${total}`;
  }),
  text('Status', (pod) => summarize(pod).status),
  text('Restarts', restartText),
  AGE,
  wide(text('IP', (pod) => pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '<none>')),
  wide(text('Node', (pod) => pod.spec.nodeName ?? '<none>')),
  wide(text('Nominated Node', (pod) => pod.status?.nominatedNodeName || '<none>')),
  wide(text('Readiness Gates', gatesText)),
];
