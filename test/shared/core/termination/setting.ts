/** A Pod whose main container has ended, with the record of what was tried on its sidecar `side`. */
import { decideTermination, type Step } from '../../../../shared/core/termination/decide.ts';
import type { Facts } from '../../../../shared/core/termination/strategies.ts';
import type { Strategy, Try } from '../../../../shared/core/termination/tries.ts';
import type { Container, ContainerState, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { ANNOTATION_TERMINATION } from '../../../../shared/model/names.ts';
import { wholeSeconds } from '../../../../shared/model/time.ts';
import { ended, main, makePod, RUNNING, sidecar, statusOf } from '../../../support/pods.ts';

export const NOW = new Date('2026-03-01T12:10:00Z');
export const FACTS: Facts = { killerImage: 'registry/killer:1' };

export const secondsAgo = (seconds: number): string => wholeSeconds(new Date(NOW.getTime() - 1000 * seconds));

/** The container had not restarted then. */
export const tried = (strategy: Strategy, ago: number, parts: Partial<Try> = {}): Try => ({
  strategy,
  attempt: 1,
  at: secondsAgo(ago),
  restarts: 0,
  ...parts,
});

/** Stands in the record for: the owner was told. */
export type Told = Omit<Try, 'strategy'> & { strategy: 'report' };
export const told = (ago: number): Told => ({ ...tried('exec', ago), strategy: 'report' });

const isTold = (each: Try | Told): each is Told => each.strategy === 'report';

/** A report has the number of the try before it. */
const numbered = (all: (Try | Told)[]): (Try | Told)[] =>
  all.map((each, index) => ({
    ...each,
    attempt: all.slice(0, index + 1).filter((before) => !isTold(before)).length,
  }));

export const recordOf = (tries: Record<string, unknown>): Record<string, string> => ({
  [ANNOTATION_TERMINATION]: JSON.stringify(tries),
});

export interface SidePod {
  side?: Container;
  /** Of the sidecar. */
  state?: ContainerState;
  restarts?: number;
  /** Numbered in their order. */
  tries?: (Try | Told)[];
  spec?: Partial<PodSpec>;
  /** Ephemeral containers with their exit codes; `undefined`: it runs. */
  killers?: Record<string, number | undefined>;
}

/** Grace period 20 s, restartPolicy Never. */
export const sidePod = ({
  side = sidecar(),
  state = RUNNING,
  restarts = 0,
  tries = [],
  spec = {},
  killers = {},
}: SidePod = {}): Pod => {
  const ephemeralContainers = Object.keys(killers).map((name) => ({ name, image: FACTS.killerImage }));
  const pod = makePod({
    containers: [main(), side],
    statuses: [statusOf('main', ended(0)), { ...statusOf(side.name, state), restartCount: restarts }],
    phase: 'Running',
    metadata: {
      annotations: recordOf({ side: numbered(tries) }),
    },
    spec: { terminationGracePeriodSeconds: 20, ephemeralContainers, ...spec },
  });
  const ephemeralContainerStatuses = Object.entries(killers).map(([name, exitCode]) =>
    statusOf(name, exitCode === undefined ? RUNNING : ended(exitCode)),
  );
  return { ...pod, status: { ...pod.status, ephemeralContainerStatuses } };
};

const inShort = (step: Step): string => {
  switch (step.kind) {
    case 'try':
      return `${step.strategy} ${step.attempt}`;
    case 'wait':
      return `wait ${(step.until.getTime() - NOW.getTime()) / 1000}`;
    default:
      return step.code;
  }
};

/** For each sidecar that is due: `<strategy> <attempt>`, `wait <seconds>`, or the code of why it is left. */
export const shortly = (pod: Pod, facts: Partial<Facts> = {}): string[] => {
  const decision = decideTermination(pod, { ...FACTS, ...facts }, NOW);
  return decision.kind === 'steps' ? decision.steps.map(inShort) : [];
};
