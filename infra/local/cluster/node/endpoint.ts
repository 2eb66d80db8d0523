import { ApiError, type ExecOutput, type LogOptions, type PodKey } from '../api/types.ts';
import { logFile } from './containers/files.ts';
import { sendSignal } from './containers/stop.ts';
import { readLog } from './logs.ts';
import { parseKill } from './processes/killCommand.ts';
import type { Surroundings } from './surroundings.ts';
import type { PodWorker } from './worker.ts';

const REFUSED = 126;

const answer = (exitCode: number, stderr = ''): ExecOutput => ({ exitCode, stdout: '', stderr });

/** Runs a command in a running container; a signal to its process 1 is delivered by the node itself. */
export const execIn = async (
  worker: PodWorker,
  container: string,
  command: string[],
  term: NodeJS.Signals,
): Promise<ExecOutput> => {
  const run = worker.book.running(container);
  if (run === undefined) throw new ApiError(404, 'NotFound', `container not found ("${container}")`);
  const kill = parseKill(command);
  switch (kill.kind) {
    case 'refused':
      return answer(REFUSED, `${kill.message}\n`);
    case 'test':
      return answer(0);
    case 'signal':
      if (kill.signal === 'SIGTERM' && term === 'SIGKILL')
        sendSignal(run, container, 'SIGKILL', worker.reporter);
      else signalFromInside(worker, container, kill.signal);
      return answer(0);
    case 'none': {
      const { exitCode, stdout, stderr } = await run.exec(command);
      return { exitCode, stdout, stderr };
    }
    default:
      return kill satisfies never;
  }
};

/** SIGKILL and SIGSTOP from inside its own PID namespace never reach process 1. */
const signalFromInside = (worker: PodWorker, container: string, signal: NodeJS.Signals): void => {
  const run = worker.book.running(container);
  if (run === undefined) return;
  const effect = run.signal(signal)
    ? ''
    : ' without effect: process 1 of the container has no handler for it';
  worker.reporter.fact(container, 'signalled', `${signal} by exec${effect}`, { pid: run.pid });
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
