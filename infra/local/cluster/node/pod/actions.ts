import type { Container, PodSpec } from '../../../../../shared/model/kubernetes.ts';
import type { ContainerView, Snapshot } from '../views.ts';
import { isToBeStarted, type RestartPolicy } from './restart.ts';

export type Failing = 'liveness' | 'startup';

export interface Stop {
  container: Container;
  why: 'image-changed' | Failing;
  /** Started again in the same go, once it has ended. */
  restart: boolean;
}

export interface Actions {
  stop: Stop[];
  /** In the order of the spec. A container that is stopped first is not among them. */
  start: Container[];
}

const NOTHING: Actions = { stop: [], start: [] };

/** Init containers run one after another; `undefined` once all have succeeded. */
const nextInit = (spec: PodSpec, policy: RestartPolicy, snapshot: Snapshot): Actions | undefined => {
  for (const container of spec.initContainers ?? []) {
    const view = snapshot.containers.get(container.name);
    if (view?.current.exit?.exitCode === 0) continue;
    return isToBeStarted(policy, view) ? { stop: [], start: [container] } : NOTHING;
  }
  return undefined;
};

const stopReason = (container: Container, view: ContainerView, failing: Failing | undefined) =>
  view.current.image === container.image ? failing : 'image-changed';

/**
 * What the kubelet does about a Pod's containers (`computePodActions`). A running container whose image in the spec
 * has changed is restarted under every policy; one whose probe fails is stopped, and restarted unless the policy is
 * Never. A container that has ended is started by its policy alone: another image does not bring it back.
 */
export const decideActions = (
  spec: PodSpec,
  snapshot: Snapshot,
  failing: ReadonlyMap<string, Failing>,
): Actions => {
  const policy = spec.restartPolicy ?? 'Always';
  const init = nextInit(spec, policy, snapshot);
  if (init !== undefined) return init;
  const actions: Actions = { stop: [], start: [] };
  for (const container of spec.containers) {
    const view = snapshot.containers.get(container.name);
    if (isToBeStarted(policy, view)) actions.start.push(container);
    if (view === undefined || view.current.exit !== undefined) continue;
    const why = stopReason(container, view, failing.get(container.name));
    if (why !== undefined) {
      actions.stop.push({ container, why, restart: why === 'image-changed' || policy !== 'Never' });
    }
  }
  return actions;
};

/** Containers of the Pod in the order of its spec, init containers first. */
export const inOrder = (spec: PodSpec, containers: Container[]): Container[] => {
  const names = containers.map(({ name }) => name);
  return [...(spec.initContainers ?? []), ...spec.containers].filter(({ name }) => names.includes(name));
};
