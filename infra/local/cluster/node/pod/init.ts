/** What the kubelet does about init containers, native sidecars among them (`computeInitContainerActions`). */
import type { Container, PodSpec } from '../../../../../shared/model/kubernetes.ts';
import type { ContainerView, RunView, Snapshot } from '../views.ts';
import type { Probes, Stop } from './probes.ts';
import { isNativeSidecar } from './restart.ts';

export interface InitActions {
  stop: Stop[];
  /** In the order of the spec. */
  start: Container[];
  /** All of them are done, or run as native sidecars that have started: the main containers' turn. */
  isDone: boolean;
  /** One has failed for good under restartPolicy Never. */
  hasFailed: boolean;
}

const nothing = (): InitActions => ({ stop: [], start: [], isDone: false, hasFailed: false });

const isRunning = (view: ContainerView | undefined): boolean =>
  view !== undefined && view.current.exit === undefined;

/** Without a startup probe it has as soon as it runs. */
const hasStarted = ({ startupProbe }: Container, { id }: RunView, { started }: Probes): boolean =>
  startupProbe === undefined || started.has(id);

/** A native sidecar that runs: whether its image or a probe asks for a restart. */
const restartReason = (
  sidecar: Container,
  { current }: ContainerView,
  probes: Probes,
): Stop['why'] | undefined => {
  const failing = probes.failing.get(sidecar.name);
  if (!hasStarted(sidecar, current, probes)) return failing === 'startup' ? failing : undefined;
  return current.image === sidecar.image ? failing : 'image-changed';
};

/** Keeps a native sidecar running, whatever it exits with. */
const keep = (actions: InitActions, sidecar: Container, view: ContainerView | undefined, probes: Probes) => {
  if (view === undefined || view.current.exit !== undefined) {
    actions.start.push(sidecar);
    return;
  }
  const why = restartReason(sidecar, view, probes);
  if (why !== undefined) actions.stop.push({ container: sidecar, why, restart: true });
};

/** The init container that was started last: whether the next one's turn has come. */
const isPassed = (container: Container, { current }: ContainerView, probes: Probes): boolean =>
  isNativeSidecar(container)
    ? current.exit === undefined && hasStarted(container, current, probes)
    : current.exit?.exitCode === 0;

const advance = (
  actions: InitActions,
  spec: PodSpec,
  [container, view]: readonly [Container, ContainerView],
  probes: Probes,
): void => {
  const { exit } = view.current;
  if (isNativeSidecar(container)) keep(actions, container, view, probes);
  else if (exit && exit.exitCode !== 0) {
    if (spec.restartPolicy === 'Never') actions.hasFailed = true;
    else actions.start.push(container);
  }
  if (!isPassed(container, view, probes)) return;
  const list = spec.initContainers ?? [];
  const next = list[list.indexOf(container) + 1];
  if (next === undefined) actions.isDone = true;
  else actions.start.push(next);
};

/** The init container that was started last, while no main container runs: one that does proves that all were passed. */
const lastStarted = ({ initContainers = [], containers }: PodSpec, views: Snapshot['containers']) => {
  if (containers.some(({ name }) => isRunning(views.get(name)))) return 'all passed';
  const container = initContainers.findLast(({ name }) => views.has(name));
  const view = container && views.get(container.name);
  return container && view ? ([container, view] as const) : undefined;
};

/**
 * Init containers start one after another: the next one when a plain one has exited 0, or when a native sidecar has
 * started. Sidecars that were passed are kept running.
 */
export const decideInit = (spec: PodSpec, { containers }: Snapshot, probes: Probes): InitActions => {
  const list = spec.initContainers ?? [];
  const last = lastStarted(spec, containers);
  if (last === undefined) return { ...nothing(), start: list.slice(0, 1), isDone: list.length === 0 };
  const actions = { ...nothing(), isDone: last === 'all passed' };
  const passed = last === 'all passed' ? list : list.slice(0, list.indexOf(last[0]));
  for (const sidecar of passed.filter(isNativeSidecar))
    keep(actions, sidecar, containers.get(sidecar.name), probes);
  if (last !== 'all passed') advance(actions, spec, last, probes);
  return actions.hasFailed ? { ...nothing(), hasFailed: true } : actions;
};
