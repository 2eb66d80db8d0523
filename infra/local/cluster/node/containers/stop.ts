import type { Clock } from '../../../../../shared/io/ports.ts';
import type { Container } from '../../../../../shared/model/kubernetes.ts';
import { pause } from '../pause.ts';
import type { Reporter } from '../report/reporter.ts';
import { runHook } from './hook.ts';
import type { Run } from './run.ts';

/** The kubelet leaves every container a moment, however little grace is left. */
const SHORTEST_GRACE = 2000;

export interface StopOptions {
  container: Container;
  graceSeconds: number;
  /** Message of the Killing Event. */
  message: string;
  /** Sent to ask the container to end. */
  term: NodeJS.Signals;
  clock: Clock;
  reporter: Reporter;
  /** Aborted when the node stops: waiting ends, what runs is killed by others. */
  signal: AbortSignal;
}

const preStop = async (run: Run, options: StopOptions): Promise<void> => {
  const { container, graceSeconds, clock, reporter, signal } = options;
  const hook = container.lifecycle?.preStop;
  if (hook === undefined || graceSeconds === 0) return;
  const failure = await runHook(run, hook, clock, { timeoutMilliseconds: graceSeconds * 1000, signal });
  if (failure !== undefined && run.isRunning) reporter.warning('FailedPreStopHook', failure);
};

/** Sends a signal to the container's first process and tells so. SIGKILL goes to all its processes. */
export const sendSignal = (run: Run, name: string, signal: NodeJS.Signals, reporter: Reporter): void => {
  const delivered = signal === 'SIGKILL' || run.signal(signal);
  if (signal === 'SIGKILL') run.kill();
  const effect = delivered ? '' : ' without effect: process 1 of the container has no handler for it';
  reporter.fact(name, 'signalled', `${signal}${effect}`, { pid: run.pid });
};

/** preStop, TERM, the rest of the grace period, KILL; resolves when the first process has ended. */
export const stopRun = async (run: Run, options: StopOptions): Promise<void> => {
  const { container, graceSeconds, message, term, clock, reporter, signal } = options;
  if (!run.isRunning) return;
  reporter.normal('Killing', message);
  const began = clock.now().getTime();
  await preStop(run, options);
  if (!run.isRunning) return;
  sendSignal(run, container.name, term, reporter);
  const left = graceSeconds * 1000 - (clock.now().getTime() - began);
  const ended = new AbortController();
  void run.ended.then(() => ended.abort());
  await pause(clock, Math.max(left, SHORTEST_GRACE), AbortSignal.any([ended.signal, signal]));
  if (run.isRunning) sendSignal(run, container.name, 'SIGKILL', reporter);
  await run.ended;
};
