import { ApiError, type ExecOutput, type LogOptions, type PodKey } from '../api/types.ts';
import { logFile } from './containers/files.ts';
import type { Run } from './containers/run.ts';
import { killResult, signalFirstProcess } from './containers/signalling.ts';
import { readLog } from './logs.ts';
import { type KillCommand, parseKill } from './processes/killCommand.ts';
import type { Surroundings } from './surroundings.ts';
import type { PodWorker } from './worker.ts';

const REFUSED = 126;

const answer = (exitCode: number, stderr = ''): ExecOutput => ({ exitCode, stdout: '', stderr });

/** What the kubelet says when the container runtime can't execute a command (containerd with runc). */
const unexecuted = (run: Run, fault: string): ApiError =>
  new ApiError(
    500,
    'InternalError',
    'Internal error occurred: error executing command in container: failed to exec in container: ' +
      `failed to start exec "${run.id}": OCI runtime exec failed: exec failed: unable to start container process: ${fault}: unknown`,
  );

const kill = (
  worker: PodWorker,
  container: string,
  command: Extract<KillCommand, { kind: 'signal' | 'test' }>,
  term: NodeJS.Signals,
): ExecOutput => {
  const { seen: pod, book, reporter } = worker;
  const { exitCode, stderr } = killResult(pod, container);
  if (exitCode === 0 && command.kind === 'signal')
    signalFirstProcess({ pod, book, reporter, term }, { container, by: 'exec' }, command.signal);
  return answer(exitCode, stderr);
};

/**
 * Runs a command in a running container; a signal to its process 1 is delivered by the node itself. Rejects with an
 * ApiError if the container can't execute it at all.
 */
export const execIn = async (
  worker: PodWorker,
  container: string,
  command: string[],
  term: NodeJS.Signals,
): Promise<ExecOutput> => {
  const run = worker.book.running(container);
  if (run === undefined) throw new ApiError(404, 'NotFound', `container not found ("${container}")`);
  const parsed = run.missing(command) === undefined ? parseKill(command) : ({ kind: 'none' } as const);
  switch (parsed.kind) {
    case 'refused':
      return answer(REFUSED, `${parsed.message}\n`);
    case 'test':
    case 'signal':
      return kill(worker, container, parsed, term);
    case 'none': {
      const { exitCode, stdout, stderr, fault } = await run.exec(command);
      if (fault !== undefined) throw unexecuted(run, fault);
      return { exitCode, stdout, stderr };
    }
    default:
      return parsed satisfies never;
  }
};

/** The output of a container's current or previous run. */
export async function* logsOf(
  worker: PodWorker,
  { clock }: Surroundings,
  [pod, container]: [PodKey, string],
  options: LogOptions,
): AsyncIterable<string> {
  const view = worker.book.view(container);
  const attempt = options.previous ? view?.previous?.attempt : view?.current.attempt;
  if (attempt === undefined) {
    const message = options.previous
      ? `previous terminated container "${container}" in pod "${pod.name}" not found`
      : `container "${container}" in pod "${pod.name}" is waiting to start`;
    throw new ApiError(400, 'BadRequest', message);
  }
  const isWriting = () => !options.previous && worker.book.running(container)?.view().attempt === attempt;
  yield* readLog(logFile(worker.directory, container, attempt), options, { clock, isWriting });
}
