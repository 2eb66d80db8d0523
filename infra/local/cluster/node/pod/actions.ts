import type { Container, EphemeralContainer, PodSpec } from '../../../../../shared/model/kubernetes.ts';
import type { ContainerView, Snapshot } from '../views.ts';
import { decideInit } from './init.ts';
import type { Failing, Probes, Stop } from './probes.ts';
import { isToBeStarted } from './restart.ts';

export interface Actions {
  /** Started before all others, once in the life of the Pod. */
  ephemeral: EphemeralContainer[];
  stop: Stop[];
  /** In the order of the spec. A container that is stopped first is not among them. */
  start: Container[];
  /** Nothing is left to keep the Pod for: all that runs is ended. */
  endAll: boolean;
}

const stopReason = (container: Container, view: ContainerView, failing: Failing | undefined) =>
  view.current.image === container.image ? failing : 'image-changed';

interface MainActions extends Pick<Actions, 'stop' | 'start'> {
  keeps: boolean;
}

const decideMains = (spec: PodSpec, snapshot: Snapshot, { failing }: Probes): MainActions => {
  const policy = spec.restartPolicy ?? 'Always';
  const actions: MainActions = { stop: [], start: [], keeps: false };
  for (const container of spec.containers) {
    const view = snapshot.containers.get(container.name);
    if (isToBeStarted(policy, view)) actions.start.push(container);
    if (view === undefined || view.current.exit !== undefined) continue;
    const why = stopReason(container, view, failing.get(container.name));
    if (why === undefined) actions.keeps = true;
    else actions.stop.push({ container, why, restart: why === 'image-changed' || policy !== 'Never' });
  }
  return actions;
};

/** Also while the Pod still initializes. */
const decideEphemeral = (
  { ephemeralContainers = [] }: PodSpec,
  { containers }: Snapshot,
): EphemeralContainer[] => ephemeralContainers.filter(({ name }) => !containers.has(name));

/**
 * What the kubelet does about a Pod's containers (`computePodActions`). A running container whose image in the spec
 * has changed is restarted under every policy; one whose probe fails is stopped, and restarted unless the policy is
 * Never. A container that has ended is started by its policy alone: another image does not bring it back. Once no main
 * container runs or will, native sidecars and ephemeral containers are ended too.
 */
export const decideActions = (spec: PodSpec, snapshot: Snapshot, probes: Probes): Actions => {
  const ephemeral = decideEphemeral(spec, snapshot);
  const init = decideInit(spec, snapshot, probes);
  if (!init.isDone) return { ephemeral, stop: init.stop, start: init.start, endAll: init.hasFailed };
  const { stop, start, keeps } = decideMains(spec, snapshot, probes);
  const endAll = !keeps && start.length === 0 && stop.every(({ restart }) => !restart);
  if (endAll) return { ephemeral: [], stop: [], start: [], endAll };
  return { ephemeral, stop: [...init.stop, ...stop], start: [...init.start, ...start], endAll };
};

/** Containers of the Pod in the order of its spec, init containers first. */
export const inOrder = (spec: PodSpec, containers: Container[]): Container[] => {
  const names = containers.map(({ name }) => name);
  return [...(spec.initContainers ?? []), ...spec.containers].filter(({ name }) => names.includes(name));
};
