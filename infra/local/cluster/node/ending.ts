import type { Clock } from '../../../../shared/io/ports.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import { DEADLINE_EXCEEDED, deadlineIn } from './pod/deadline.ts';
import { isOver, type Phase } from './pod/phase.ts';
import type { Reporter } from './report/reporter.ts';

/** No timer runs longer. */
const LONGEST_WAIT = 2 ** 30;

interface EndingOptions {
  pod: Pod;
  startTime: Date;
  clock: Clock;
  reporter: Reporter;
  /** The Pod has to be looked at. */
  wake: () => void;
}

/**
 * Whether a Pod is to end, and why: it is deleted or gone, somebody else has given it a terminal phase, its deadline has
 * passed, or its containers have ended for good.
 */
export class Ending {
  /** The containers have ended for good; the phase follows one look later. */
  finished = false;
  /** Nothing runs any more, and the status says so. */
  over: boolean;
  gone = false;
  /** The phase that somebody else has given the Pod. */
  settled: Phase | undefined;
  isLate = false;
  private readonly options: EndingOptions;
  private readonly begun = new AbortController();
  private cancelDeadline = (): void => undefined;

  constructor(options: EndingOptions) {
    this.options = options;
    this.over = isOver(options.pod.status?.phase);
    this.see(options.pod);
  }

  /** Aborted when the Pod is to end before its containers do: hooks of a start are not waited for any more. */
  get signal(): AbortSignal {
    return this.begun.signal;
  }

  get isDue(): boolean {
    return this.finished || this.over || this.begun.signal.aborted;
  }

  /** The Pod has changed in the API server. A phase that the node has written itself says nothing new. */
  see({ metadata, status }: Pod): void {
    if (!this.over && isOver(status?.phase)) this.settled ??= status?.phase;
    if (metadata.deletionTimestamp !== undefined || this.settled !== undefined) this.begin();
  }

  /** The Pod is not in the API server any more. */
  leave(): void {
    this.gone = true;
    this.begin();
  }

  /** Begins the end of a Pod whose deadline has passed, or looks again when it will have. */
  watchDeadline(pod: Pod): void {
    const { startTime, clock, reporter, wake } = this.options;
    this.cancelDeadline();
    const left = this.isDue ? undefined : deadlineIn(pod, startTime, clock.now());
    if (left === undefined) return;
    if (left > 0) {
      this.cancelDeadline = clock.after(Math.min(left, LONGEST_WAIT), wake);
      return;
    }
    this.isLate = true;
    reporter.normal(DEADLINE_EXCEEDED.reason, DEADLINE_EXCEEDED.message);
    this.begin();
  }

  begin(): void {
    this.cancelDeadline();
    this.begun.abort();
  }
}
