/** Signals to process 1 from inside a container: who gets them, and who may send them. */
import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { firstProcessOf, maySignal, namespaceOwner } from '../pod/processes.ts';
import type { Reporter } from '../report/reporter.ts';
import type { RunBook } from './book.ts';
import { sendSignal } from './stop.ts';

export interface SignalRoom {
  pod: Pod;
  book: RunBook;
  reporter: Reporter;
  /** What is sent where SIGTERM is asked for. */
  term: NodeJS.Signals;
}

export interface Sender {
  container: string;
  /** Text for the fact: `exec`. */
  by: string;
}

/** Exit code and complaint of the `kill` program. */
export interface KillResult {
  exitCode: 0 | 1;
  stderr: string;
}

const DONE: KillResult = { exitCode: 0, stderr: '' };
const DENIED: KillResult = { exitCode: 1, stderr: "kill: can't kill pid 1: Operation not permitted\n" };

const OUTSIDE = {
  sandbox: {
    reason: 'SandboxSignalled',
    whose: "the Pod's pause process: on a kubelet it would end, and the whole Pod with it",
  },
  host: { reason: 'HostSignalled', whose: "the machine's own: on a kubelet its init would get it" },
};

/** Nothing is sent; people are told, and tests can ask. */
const signalOutside = (
  { reporter }: SignalRoom,
  { container, by }: Sender,
  signal: NodeJS.Signals,
  outside: 'sandbox' | 'host',
): void => {
  const { reason, whose } = OUTSIDE[outside];
  const detail = `${signal} by ${by} to process 1, which is ${whose}`;
  reporter.warning(reason, detail);
  reporter.fact(container, 'signalled', detail, { outside });
};

/** SIGKILL and SIGSTOP from inside its own PID namespace never reach process 1. */
const signalInside = (
  { book, reporter, term }: SignalRoom,
  to: string,
  by: string,
  signal: NodeJS.Signals,
) => {
  const run = book.running(to);
  if (run === undefined) return;
  if (signal === 'SIGTERM' && term === 'SIGKILL') return sendSignal(run, to, 'SIGKILL', reporter);
  const effect = run.signal(signal)
    ? ''
    : ' without effect: process 1 of the container has no handler for it';
  reporter.fact(to, 'signalled', `${signal} by ${by}${effect}`, { pid: run.pid });
};

/** What the `kill` program in a container says of a signal to process 1, before it is sent. */
export const killResult = (pod: Pod, container: string): KillResult =>
  firstProcessOf(pod) !== 'own' || maySignal(pod, container, namespaceOwner(pod, container)) ? DONE : DENIED;

/** Sends a signal that {@link killResult} permits to process 1. */
export const signalFirstProcess = (room: SignalRoom, sender: Sender, signal: NodeJS.Signals): void => {
  const first = firstProcessOf(room.pod);
  if (first !== 'own') signalOutside(room, sender, signal, first);
  else signalInside(room, namespaceOwner(room.pod, sender.container), sender.by, signal);
};
