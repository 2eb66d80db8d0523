import type { Clock } from '../../../../../shared/io/ports.ts';
import type { LifecycleHandler } from '../../../../../shared/model/kubernetes.ts';
import { pause } from '../pause.ts';
import type { ExecOptions, Run } from './run.ts';

/** Runs a lifecycle handler; a string says how it failed. */
export const runHook = async (
  run: Run,
  { exec, sleep }: LifecycleHandler,
  clock: Clock,
  options: ExecOptions,
): Promise<string | undefined> => {
  if (sleep) {
    const limit = options.timeoutMilliseconds ?? Number.POSITIVE_INFINITY;
    await pause(clock, Math.min(sleep.seconds * 1000, limit), options.signal);
    return undefined;
  }
  const command = exec?.command ?? [];
  const { exitCode, stdout, stderr, timedOut } = await run.exec(command, options);
  if (exitCode === 0 && !timedOut) return undefined;
  const why = timedOut ? 'the time was up' : `exit status ${exitCode}`;
  return `Exec lifecycle hook (${JSON.stringify(command)}) failed - ${why}, message: "${stdout}${stderr}"`;
};
