import type { Clock } from '../../../../../shared/io/ports.ts';
import type { ExecOutput } from '../../api/types.ts';
import type { Place } from '../files/place.ts';
import { type Child, startChild } from '../processes/child.ts';
import type { Groups } from '../processes/groups.ts';
import { signalFirst } from '../processes/signals.ts';
import type { Exit, RunView } from '../views.ts';
import { readAll } from './output.ts';

export interface ExecOptions {
  /** The command is killed when the time is up; then `timedOut`. */
  timeoutMilliseconds?: number;
  signal?: AbortSignal;
}

export type ExecResult = ExecOutput & { timedOut: boolean };

interface RunOptions {
  view: Omit<RunView, 'startedAt' | 'exit'>;
  child: Child;
  place: Place;
  groups: Groups;
  clock: Clock;
  onExit: (run: Run) => void;
}

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

  /** To the first process only, by the rule of a PID namespace; false when it has no handler and nothing happens. */
  signal(signal: NodeJS.Signals): boolean {
    return this.isRunning && signalFirst(this.pid, signal);
  }

  /** SIGKILL to every process of the container. */
  kill(): void {
    this.over.abort();
    if (this.isRunning) this.options.groups.kill(this.pid);
  }

  /** Runs a command beside the first process, in the container's surroundings. It ends with the container. */
  async exec(command: string[], { timeoutMilliseconds, signal }: ExecOptions = {}): Promise<ExecResult> {
    const { place, groups, clock } = this.options;
    const words = command.map(place.rewrite);
    let child: Child;
    try {
      child = await startChild(groups, { ...place, words }, ['ignore', 'pipe', 'pipe']);
    } catch (fault) {
      const stderr = `exec failed: ${words[0]}: ${fault instanceof Error ? fault.message : String(fault)}`;
      return { exitCode: 127, stdout: '', stderr, timedOut: false };
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
