import type { Clock } from '../../../../../shared/io/ports.ts';
import type { ExecOutput } from '../../api/types.ts';
import type { Place } from '../files/place.ts';
import type { Child } from '../processes/child.ts';
import type { Groups } from '../processes/groups.ts';
import { signalFirst } from '../processes/signals.ts';
import type { Exit, RunView } from '../views.ts';
import { readAll } from './output.ts';
import { startIn } from './spawn.ts';

export interface ExecOptions {
  /** The command is killed when the time is up; then `timedOut`. */
  timeoutMilliseconds?: number;
  signal?: AbortSignal;
}

export type ExecResult = ExecOutput & {
  timedOut: boolean;
  /** The container runtime's complaint about a command that could not be executed at all. */
  fault?: string;
};

interface RunOptions {
  view: Omit<RunView, 'startedAt' | 'exit'>;
  child: Child;
  /** Whether its first process is process 1 of a PID namespace; false where the namespace is shared. */
  isFirst: boolean;
  place: Place;
  groups: Groups;
  clock: Clock;
  onExit: (run: Run) => void;
}

/** Exit code of a shell for a program that it does not find. */
const NOT_FOUND = 127;

const unstarted = (fault: string): ExecResult => ({
  exitCode: NOT_FOUND,
  stdout: '',
  stderr: fault,
  timedOut: false,
  fault,
});

/** One run of a container: its first process and what is executed beside it. */
export class Run {
  readonly id: string;
  readonly pid: number;
  readonly ended: Promise<Exit>;
  /** Aborted when the container ends, with whatever is executed in it. */
  private readonly over = new AbortController();
  private readonly options: RunOptions;
  private readonly startedAt: Date;
  private exit: Exit | undefined;

  constructor(options: RunOptions) {
    const { view, child, clock, onExit } = options;
    this.options = options;
    this.id = view.id;
    this.pid = child.pid;
    this.startedAt = clock.now();
    this.ended = child.ended.then((ending) => {
      const exit = { ...ending, reason: ending.exitCode === 0 ? 'Completed' : 'Error', at: clock.now() };
      this.exit = exit;
      this.over.abort();
      onExit(this);
      return exit;
    });
  }

  /** What a look at the machine finds now. */
  view(): RunView {
    return { ...this.options.view, startedAt: this.startedAt, ...(this.exit && { exit: this.exit }) };
  }

  get isRunning(): boolean {
    return this.exit === undefined;
  }

  /**
   * To the first process only; false when nothing happens: as process 1 of a PID namespace it gets only what it handles.
   */
  signal(signal: NodeJS.Signals): boolean {
    return this.isRunning && signalFirst(this.pid, signal, this.options.isFirst);
  }

  /** A container runtime's complaint about a program that the container is known not to have. */
  missing(command: string[]): string | undefined {
    return this.options.place.missing(command[0] ?? '');
  }

  /** SIGKILL to every process of the container. */
  kill(): void {
    this.over.abort();
    if (this.isRunning) this.options.groups.kill(this.pid);
  }

  /** Runs a command beside the first process, in the container's surroundings. It ends with the container. */
  async exec(command: string[], { timeoutMilliseconds, signal }: ExecOptions = {}): Promise<ExecResult> {
    const { place, groups, clock } = this.options;
    let child: Child;
    try {
      child = await startIn(groups, place, command, ['ignore', 'pipe', 'pipe']);
    } catch (fault) {
      return unstarted(fault instanceof Error ? fault.message : String(fault));
    }
    const kill = () => groups.kill(child.pid);
    let timedOut = false;
    const cancel =
      timeoutMilliseconds &&
      clock.after(timeoutMilliseconds, () => {
        timedOut = true;
        kill();
      });
    const until = AbortSignal.any([this.over.signal, ...(signal ? [signal] : [])]);
    if (until.aborted) kill();
    until.addEventListener('abort', kill, { once: true });
    const [stdout, stderr, { exitCode }] = await Promise.all([
      readAll(child.stdout),
      readAll(child.stderr),
      child.ended,
    ]);
    until.removeEventListener('abort', kill);
    if (cancel) cancel();
    return { exitCode, stdout, stderr, timedOut };
  }
}
