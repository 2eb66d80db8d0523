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
  /** Resolves when its turn has come; within the grace period it is waited for between preStop and the signal. */
  turn?: Promise<unknown>;
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

/** Waits until the container has ended, `other` has happened, or the time is up. */
const waitFor = async (
  run: Run,
  milliseconds: number,
  { clock, signal }: StopOptions,
  other?: Promise<unknown>,
): Promise<void> => {
  const early = new AbortController();
  void run.ended.then(() => early.abort());
  void other?.then(() => early.abort());
  await pause(clock, milliseconds, AbortSignal.any([early.signal, signal]));
};

/** preStop, its turn, TERM, the rest of the grace period, KILL; resolves when the first process has ended. */
export const stopRun = async (run: Run, options: StopOptions): Promise<void> => {
  const { container, graceSeconds, message, turn, term, clock, reporter } = options;
  if (!run.isRunning) return;
  reporter.normal('Killing', message);
  const end = clock.now().getTime() + graceSeconds * 1000;
  const left = () => end - clock.now().getTime();
  await preStop(run, options);
  if (turn && left() > 0) await waitFor(run, left(), options, turn);
  if (!run.isRunning) return;
  sendSignal(run, container.name, term, reporter);
  await waitFor(run, Math.max(left(), SHORTEST_GRACE), options);
  if (run.isRunning) sendSignal(run, container.name, 'SIGKILL', reporter);
  await run.ended;
};
