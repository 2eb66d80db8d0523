/** What is special about an ephemeral container: it lives in the PID namespace of another one, and may be sent to signal. */
import type { EphemeralContainer, Pod } from '../../../../../shared/model/kubernetes.ts';
import type { FoundImage } from '../../images/images.ts';
import { firstProcessOf } from '../pod/processes.ts';
import type { Waiting } from '../pod/status.ts';
import { type KillCommand, parseKill } from '../processes/killCommand.ts';
import type { RunBook } from './book.ts';
import type { Run } from './run.ts';
import type { KillResult } from './signalling.ts';
import { commandOf } from './start.ts';

export type Target = { kind: 'found'; run?: Run } | { kind: 'waiting'; waiting: Waiting };

/** The container whose PID namespace it joins; none if it names none, or if the Pod has one namespace for all. */
export const targetOf = (pod: Pod, { targetContainerName }: EphemeralContainer, book: RunBook): Target => {
  if (!targetContainerName || firstProcessOf(pod) !== 'own') return { kind: 'found' };
  const run = book.running(targetContainerName);
  if (run) return { kind: 'found', run };
  if (book.view(targetContainerName) === undefined) {
    const message = `unable to find target container ${targetContainerName}`;
    return { kind: 'waiting', waiting: { reason: 'CreateContainerConfigError', message } };
  }
  const message = `invalid target container: container "${targetContainerName}" is not running - in state CONTAINER_EXITED`;
  return { kind: 'waiting', waiting: { reason: 'CreateContainerError', message } };
};

/** Whether its command signals process 1, and nothing else: the node does that itself. */
export const killOf = (container: EphemeralContainer, image: FoundImage | undefined): KillCommand =>
  parseKill(commandOf(container, image ?? { entrypoint: [], cmd: [] }));

/** Without a shell there are none of the machine's tools. */
export const hasKill = ({ shell, atEveryPath }: FoundImage): boolean => shell !== false && !atEveryPath;

/** Ends as `kill` does, which has been done by the node itself. */
export const killerScript = ({ exitCode, stderr }: KillResult): string[] => [
  '/bin/sh',
  '-c',
  `printf '%s' "$0" >&2; exit ${exitCode}`,
  stderr,
];
