import type { Clock } from '../../../../../shared/io/ports.ts';
import type { Container, Pod } from '../../../../../shared/model/kubernetes.ts';
import type { Delays } from '../delays.ts';
import { pause } from '../pause.ts';
import { endsAfter } from '../pod/order.ts';
import type { Stop } from '../pod/probes.ts';
import { isNativeSidecar } from '../pod/restart.ts';
import type { Reporter } from '../report/reporter.ts';
import type { RunBook } from './book.ts';
import type { Run } from './run.ts';
import { stopRun } from './stop.ts';

export interface StopperOptions {
  book: RunBook;
  reporter: Reporter;
  clock: Clock;
  delays: Delays;
  /** Sent to ask a container to end. */
  term: NodeJS.Signals;
  /** Aborted when the node stops. */
  halt: AbortSignal;
  /** Aborted when the Pod is to end. */
  ending: AbortSignal;
}

const GRACE = 30;

const messageOf = ({ container, why, restart }: Stop): string => {
  const cause = why === 'image-changed' ? 'definition changed' : `failed ${why} probe`;
  if (isNativeSidecar(container)) return `Init container ${container.name} ${cause}`;
  return `Container ${container.name} ${cause}${restart ? ', will be restarted' : ''}`;
};

/** Ends the containers of one Pod, and tells about it. */
export class Stopper {
  private readonly options: StopperOptions;

  constructor(options: StopperOptions) {
    this.options = options;
  }

  /** Stops a container that its image or a probe asks to end. */
  async stop(pod: Pod, wish: Stop): Promise<void> {
    const { book, reporter, clock, delays, ending } = this.options;
    const { container, why, restart } = wish;
    const run = book.running(container.name);
    if (run === undefined) return;
    if (why === 'image-changed') {
      const { image } = container;
      reporter.fact(container.name, 'image-changed', `${run.view().image} -> ${image}`, { image });
    }
    const probe = why === 'startup' ? container.startupProbe : container.livenessProbe;
    const own = why === 'image-changed' ? undefined : probe?.terminationGracePeriodSeconds;
    await this.end(run, container, messageOf(wish), own ?? pod.spec.terminationGracePeriodSeconds ?? GRACE);
    if (restart) await pause(clock, delays.restart, ending);
  }

  /** Stops all containers of the Pod at the same time; native sidecars wait for their turn. */
  async stopAll({ metadata, spec }: Pod): Promise<void> {
    const { book } = this.options;
    const grace = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? GRACE;
    const all = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
    const runs = new Map(all.map((container) => [container.name, book.running(container.name)]));
    await Promise.all(
      all.map(async (container) => {
        const run = runs.get(container.name);
        if (run === undefined) return;
        const turn = Promise.all(endsAfter(spec, container).map(({ name }) => runs.get(name)?.ended));
        await this.end(run, container, `Stopping container ${container.name}`, grace, turn);
      }),
    );
  }

  killAll(): void {
    for (const [, run] of this.options.book.allRunning()) run.kill();
  }

  /** Stops a container whose postStart has failed. */
  async abandon({ spec }: Pod, container: Container, run: Run): Promise<void> {
    const grace = spec.terminationGracePeriodSeconds ?? GRACE;
    await this.end(run, container, `FailedPostStartHook of container ${container.name}`, grace);
  }

  private end(
    run: Run,
    container: Container,
    message: string,
    graceSeconds: number,
    turn?: Promise<unknown>,
  ): Promise<void> {
    const { term, clock, reporter, halt } = this.options;
    return stopRun(run, { container, graceSeconds, message, turn, term, clock, reporter, signal: halt });
  }
}
