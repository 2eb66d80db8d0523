import type { Condition, ContainerStatus } from '../../../../../shared/model/kubernetes.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import type { Phase, Statuses } from './phase.ts';

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

const TRUE: Verdict = { status: 'True' };

const hasStarted = ({ state }: ContainerStatus): boolean =>
  state?.running !== undefined || state?.terminated !== undefined;

/** Once a main container has started the Pod stays initialized, also while a native sidecar is restarted. */
const initialized = ({ init, sidecars, main }: Statuses, phase: Phase): Verdict => {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  const open = [
    ...init.filter(({ state }) => state?.terminated?.exitCode !== 0),
    ...sidecars.filter(({ started }) => started !== true),
  ].map(({ name }) => name);
  if (open.length === 0 || main.some(hasStarted)) return TRUE;
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${open.join(' ')}]`,
  };
};

/** Native sidecars count as main containers do. */
const containersReady = ({ sidecars, main }: Statuses, phase: Phase): Verdict => {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = [...sidecars, ...main].filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0) return TRUE;
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
};

/** The conditions that a kubelet owns; `lastTransitionTime` moves only with the status. */
export const conditionsOf = (
  statuses: Statuses,
  { phase, sandbox }: { phase: Phase; sandbox: boolean },
  before: Condition[],
  now: Date,
): Condition[] => {
  const ready = containersReady(statuses, phase);
  const verdicts: [string, Verdict][] = [
    ['PodReadyToStartContainers', { status: sandbox ? 'True' : 'False' }],
    ['Initialized', initialized(statuses, phase)],
    ['Ready', ready],
    ['ContainersReady', ready],
    ['PodScheduled', TRUE],
  ];
  return verdicts.map(([type, verdict]) => {
    const old = before.find((condition) => condition.type === type);
    const kept = old?.status === verdict.status ? old.lastTransitionTime : undefined;
    return { type, ...verdict, lastTransitionTime: kept ?? wholeSeconds(now) };
  });
};
