import type { Clock } from '../../../../../shared/io/ports.ts';
import type { Container, Probe } from '../../../../../shared/model/kubernetes.ts';
import { pause } from '../pause.ts';
import { counted, type ProbeCount } from '../pod/probeCount.ts';
import type { Failing } from '../pod/probes.ts';
import type { Run } from './run.ts';

export type Kind = 'Liveness' | 'Readiness' | 'Startup';

interface HealthOptions {
  run: Run;
  container: Container;
  clock: Clock;
  /** The verdict of a probe has turned. */
  onChange: (kind: Kind) => void;
  /** One look has failed; the verdict may stand all the same. */
  onFailedLook: (kind: Kind, output: string) => void;
}

/**
 * Watches one run of a container by its probes: a startup probe first, then liveness and readiness. Without a
 * readiness probe a run is ready, without a startup probe it is started. A liveness probe first looks after one period.
 */
export class Health {
  started = false;
  ready = false;
  failing: Failing | undefined;
  private readonly options: HealthOptions;
  private readonly stopped = new AbortController();

  constructor(options: HealthOptions) {
    this.options = options;
    const { startupProbe } = options.container;
    if (startupProbe === undefined) this.begin();
    else void this.watch('Startup', startupProbe, false);
    void options.run.ended.then(() => this.stop());
  }

  stop(): void {
    this.stopped.abort();
  }

  private begin(): void {
    const { livenessProbe, readinessProbe } = this.options.container;
    this.started = true;
    this.ready = readinessProbe === undefined;
    if (livenessProbe) void this.watch('Liveness', livenessProbe, true);
    if (readinessProbe) void this.watch('Readiness', readinessProbe, false);
  }

  private async watch(kind: Kind, probe: Probe, verdict: boolean): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.stopped;
    const period = (probe.periodSeconds ?? 10) * 1000;
    const delay = (probe.initialDelaySeconds ?? 0) * 1000 + (kind === 'Liveness' ? period : 0);
    let count: ProbeCount = { verdict, streak: 0 };
    await pause(clock, delay, signal);
    while (!signal.aborted) {
      const succeeded = await this.look(kind, probe);
      if (signal.aborted) return;
      const before = count;
      count = counted(before, succeeded, probe);
      const turned = count.verdict !== before.verdict || this.isFirstFailure(kind, count, probe);
      if (turned && this.settle(kind, count.verdict)) return;
      await pause(clock, period, signal);
    }
  }

  /** A startup probe's verdict is "no" from the start: that it has failed is known by the count alone. */
  private isFirstFailure(kind: Kind, { last, streak }: ProbeCount, probe: Probe): boolean {
    return kind === 'Startup' && last === false && streak >= (probe.failureThreshold ?? 3);
  }

  /** True when this probe has nothing more to watch. */
  private settle(kind: Kind, verdict: boolean): boolean {
    if (kind === 'Readiness') this.ready = verdict;
    else if (!verdict) this.failing = kind === 'Startup' ? 'startup' : 'liveness';
    else if (kind === 'Startup') this.begin();
    this.options.onChange(kind);
    return kind !== 'Readiness';
  }

  private async look(kind: Kind, probe: Probe): Promise<boolean> {
    const { run, onFailedLook } = this.options;
    const timeout = probe.timeoutSeconds ?? 1;
    const result = await run.exec(probe.exec?.command ?? [], { timeoutMilliseconds: timeout * 1000 });
    if (this.stopped.signal.aborted) return true;
    if (result.exitCode === 0 && !result.timedOut) return true;
    const output = result.timedOut
      ? `command timed out after ${timeout}s`
      : `${result.stdout}${result.stderr}`;
    onFailedLook(kind, output.trim());
    return false;
  }
}
