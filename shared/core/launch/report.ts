/** What a Pod's owner is told of a start that does not go on: an Event, and the condition `LaunchBlocked`. */
import type { Condition, Pod, PodStatus } from '../../model/kubernetes.ts';
import {
  ANNOTATION_LAUNCH_FAILED,
  ANNOTATION_LAUNCH_TIMEOUT,
  CONDITION_LAUNCH_BLOCKED,
} from '../../model/names.ts';
import { wholeSeconds } from '../../model/time.ts';
import { eventAbout, type ObjectEvent } from '../resources/event.ts';
import { containerStatus } from '../resources/pod.ts';
import { finalExitCode, isPassed, type Level } from './levels.ts';
import { launchTimeout } from './overdue.ts';

/** One write of the Pod. With a `status` it goes to `pods/status`, annotations and all. */
export interface PodWrite {
  annotations: Record<string, string>;
  status?: PodStatus;
}

/** The Event is created first: the write is what says that it was. */
export interface Report {
  kind: 'report';
  code: 'LaunchBlocked' | 'LaunchFailed' | 'LaunchForeign';
  event: ObjectEvent;
  write: PodWrite;
}

interface Words {
  code: Report['code'];
  /** Makes the Event's name unique in the Pod's life: a repeat creates nothing. */
  occasion: string;
  reason: string;
  message: string;
}

/** Characters of an Event's message that Kubernetes' newer API takes. */
const MESSAGE_LIMIT = 1024;
/** Characters of a kubelet's message that are passed on. */
const CAUSE_LIMIT = 200;

export const isBlocked = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === CONDITION_LAUNCH_BLOCKED && is === 'True') ??
  false;

const condition = (
  status: Condition['status'],
  { reason, message }: Pick<Words, 'reason' | 'message'>,
  now: Date,
): Condition => ({
  type: CONDITION_LAUNCH_BLOCKED,
  status,
  reason,
  message,
  lastTransitionTime: wholeSeconds(now),
});

const report = (pod: Pod, { code, occasion, reason, message }: Words, now: Date): Report => ({
  kind: 'report',
  code,
  event: eventAbout(
    { ...pod, apiVersion: 'v1', kind: 'Pod' },
    {
      name: `${pod.metadata.uid}.${occasion}`,
      type: 'Warning',
      reason: code === 'LaunchFailed' ? code : 'LaunchBlocked',
      message,
      component: 'sidecarset-serverless',
    },
    now,
  ),
  write: { annotations: {}, status: { conditions: [condition('True', { reason, message }, now)] } },
});

const waitingText = ({
  reason = 'no reason given',
  message = '',
}: {
  reason?: string;
  message?: string;
}): string => `waiting (${reason}${message && `: ${message.slice(0, CAUSE_LIMIT)}`})`;

const stateOf = (pod: Pod, name: string): string => {
  const { state, lastState } = containerStatus(pod, name) ?? {};
  const lastCode = lastState?.terminated?.exitCode;
  if (state?.running) return 'running, but not ready';
  if (state?.terminated) return `terminated with exit code ${state.terminated.exitCode}`;
  if (!state?.waiting) return 'not started yet';
  return `${waitingText(state.waiting)}${lastCode === undefined ? '' : `, last exit code ${lastCode}`}`;
};

/** Says once that `level` has not become ready in its time. */
export const overdueReport = (pod: Pod, level: Level, now: Date): Report => {
  const { seconds, isUnreadable } = launchTimeout(pod);
  const holding = level.containers.filter((name) => !isPassed(pod, name));
  const states = holding.map((name) => `container ${name} is ${stateOf(pod, name)}`).join('; ');
  const remark = isUnreadable
    ? ` (annotation ${ANNOTATION_LAUNCH_TIMEOUT} is no whole number of seconds: the default counts)`
    : '';
  const message = `Start level ${level.priority} has not become ready in ${seconds} s${remark}, the containers below it wait: ${states}`;
  return report(
    pod,
    {
      code: 'LaunchBlocked',
      occasion: `launch-blocked.level${level.priority}`,
      reason: 'LevelNotReady',
      message: message.slice(0, MESSAGE_LIMIT),
    },
    now,
  );
};

/**
 * Fails the Pod, as the kubelet does for an init container that fails for good. The annotation makes the kubelet look at
 * the Pod at once: it does not for a status alone.
 */
export const failedReport = (pod: Pod, container: string, now: Date): Report => {
  const message = `Container ${container} has failed with exit code ${finalExitCode(pod, container)} and will not run again: the containers that wait for it must not start`;
  const told = report(
    pod,
    { code: 'LaunchFailed', occasion: 'launch-failed', reason: 'ContainerFailed', message },
    now,
  );
  return {
    ...told,
    write: {
      annotations: { [ANNOTATION_LAUNCH_FAILED]: container },
      status: { ...told.write.status, phase: 'Failed', reason: 'LaunchFailed', message },
    },
  };
};

/** Says once that the ConfigMap of the start levels is not this Pod's. */
export const foreignReport = (pod: Pod, configMap: string, now: Date): Report =>
  report(
    pod,
    {
      code: 'LaunchForeign',
      occasion: 'launch-foreign',
      reason: 'ForeignConfigMap',
      message: `ConfigMap ${configMap} does not belong to this Pod, so its start levels can't be opened: delete the ConfigMap`,
    },
    now,
  );

/** What takes the report back when a level opens after all. */
export const openedStatus = (pod: Pod, { priority }: Level, now: Date): PodStatus | undefined =>
  isBlocked(pod)
    ? {
        conditions: [
          condition('False', { reason: 'LevelOpened', message: `Start level ${priority} was opened` }, now),
        ],
      }
    : undefined;
