/** Which strategies may end a sidecar, best first, and why. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { containerStatus } from '../resources/pod.ts';
import type { JobFacts } from './job.ts';
import { restartsLeft } from './job.ts';
import { exitImageOf, ignoresExitCode } from './sidecar.ts';
import type { Strategy } from './tries.ts';

/** What the Pod does not say itself. */
export interface Facts {
  /** The Job that owns the Pod; read only where {@link needsJob}. */
  job?: JobFacts;
  /** Image of the ephemeral containers, with a `kill` on its PATH; '' for none. */
  killerImage: string;
}

export interface Choice {
  strategy: Strategy;
  why: string;
}

export interface Ladder {
  /** In the order in which they are tried. */
  choices: Choice[];
  excluded: Choice[];
}

interface Verdict {
  may: boolean;
  why: string;
}

type Rule = (pod: Pod, container: Container, facts: Facts) => Verdict;

const hasPreStop = ({ lifecycle }: Container): boolean => lifecycle?.preStop !== undefined;

const yes = (why: string): Verdict => ({ may: true, why });
const no = (why: string): Verdict => ({ may: false, why });

const neverRestarts = ({ spec }: Pod): boolean => spec.restartPolicy === 'Never';

/**
 * Process 1 of a shared process namespace is the pause container, of the host's the init of the machine: a signal there
 * would not end the sidecar but something else.
 */
const isFirstProcess = ({ spec }: Pod): boolean =>
  spec.shareProcessNamespace !== true && spec.hostPID !== true;

/** The kubelet starts a container again that exits on SIGTERM with another code than 0, so more signals lead nowhere. */
const hasNoSignal = (pod: Pod): Verdict | undefined =>
  isFirstProcess(pod) ? undefined : no('process 1 is not the sidecar: the Pod shares a process namespace');

const RULES: Record<Strategy, Rule> = {
  phase: (_, container) =>
    ignoresExitCode(container) ? yes('its exit code is not to count') : no('its exit code counts'),
  image: (pod, container, { job }) => {
    if (exitImageOf(container) === '') return no('it names no exit image');
    if (neverRestarts(pod)) return yes('it names an exit image');
    return restartsLeft(pod, job)
      ? yes('it names an exit image, and the Job can bear a restart')
      : no('the restart into the exit image would count towards the backoffLimit of the Job');
  },
  exec: (pod) => hasNoSignal(pod) ?? yes('process 1 of the container can be asked to end'),
  ephemeral: (pod, _, { killerImage }) =>
    hasNoSignal(pod) ??
    (killerImage === ''
      ? no('no image for ephemeral containers is configured')
      : yes('process 1 can be asked to end from beside the container')),
  // Under OnFailure it leads to the same as a signal: an end with exit code 0 counts, after another the container waits.
  stop: (pod, container) =>
    neverRestarts(pod) || hasPreStop(container)
      ? yes('the kubelet stops a container that gets another image, and can not start that one')
      : no('after another exit code than 0 the container would wait for its image for ever under OnFailure'),
};

/** What has a preStop is rather stopped by the kubelet, which runs it. */
const orderFor = (container: Container): Strategy[] =>
  hasPreStop(container)
    ? ['phase', 'image', 'stop', 'exec', 'ephemeral']
    : ['phase', 'image', 'exec', 'ephemeral', 'stop'];

/**
 * The strategies for a sidecar that is to end. Native sidecars need none: the kubelet ends them, whatever they exit with.
 * The image swap makes the exit code not count, the signals let it count, as in OpenKruise.
 */
export const ladderFor = (pod: Pod, container: Container, facts: Facts): Ladder => {
  const judged = orderFor(container).map((strategy) => ({
    strategy,
    ...RULES[strategy](pod, container, facts),
  }));
  const part = (may: boolean): Choice[] =>
    judged.filter((choice) => choice.may === may).map(({ strategy, why }) => ({ strategy, why }));
  return { choices: part(true), excluded: part(false) };
};

/** A process is there to be ended; a container that waits for its restart has none. */
export const hasProcess = (pod: Pod, { name }: Container): boolean =>
  containerStatus(pod, name)?.state?.running !== undefined;
