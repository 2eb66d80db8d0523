import type { Clock } from '../../../../../shared/io/ports.ts';
import type { Container, Pod } from '../../../../../shared/model/kubernetes.ts';
import type { Images } from '../../images/images.ts';
import type { Sources } from '../files/volumes.ts';
import type { Stop } from '../pod/actions.ts';
import type { Address } from '../pod/fields.ts';
import { StartGate } from '../pod/gate.ts';
import { containerRefusal } from '../pod/refusals.ts';
import type { Waiting } from '../pod/status.ts';
import type { Groups } from '../processes/groups.ts';
import type { Reporter } from '../report/reporter.ts';
import type { RunBook } from './book.ts';
import { Health } from './health.ts';
import { runHook } from './hook.ts';
import type { Run } from './run.ts';
import { startContainer } from './start.ts';
import { stopRun } from './stop.ts';

export interface LifeOptions {
  book: RunBook;
  reporter: Reporter;
  clock: Clock;
  images: Images;
  groups: Groups;
  /** The Pod's directory. */
  directory: string;
  address: Address;
  sources: Sources;
  term: NodeJS.Signals;
  /** Aborted when the node stops. */
  halt: AbortSignal;
  /** Aborted when the Pod is to end. */
  ending: AbortSignal;
  /** Something has to be done about a container. */
  wake: () => void;
  /** Nothing but the status has changed. */
  report: () => void;
}

export interface Failure {
  waiting: Waiting;
  /** Milliseconds until another try makes sense, where that is known. */
  retryIn?: number;
}

const GRACE = 30;

const seconds = (from: Date, to: Date): string => `${((to.getTime() - from.getTime()) / 1000).toFixed(1)} s`;

const messageOf = ({ container: { name }, why, restart }: Stop): string => {
  const cause = why === 'image-changed' ? 'definition changed' : `failed ${why} probe`;
  return `Container ${name} ${cause}${restart ? ', will be restarted' : ''}`;
};

/** Starts and stops the containers of one Pod, and tells about it. */
export class ContainerLife {
  private readonly options: LifeOptions;
  private readonly gate: StartGate;

  constructor(options: LifeOptions) {
    this.options = options;
    this.gate = new StartGate(options.images);
  }

  /** Starts a container's next run; says why it could not. */
  async start(pod: Pod, container: Container): Promise<Failure | undefined> {
    const { book, clock, reporter } = this.options;
    const { name, image } = container;
    const refusal = containerRefusal(container);
    if (refusal !== undefined) {
      reporter.warning('NotSupported', refusal);
      return { waiting: { reason: 'NotSupported', message: refusal } };
    }
    const passage = this.gate.pass(pod, container, book.view(name)?.current, clock.now());
    if (passage.kind === 'closed') {
      const { note } = passage;
      if (note) reporter[note.type](note.reason, note.message);
      return passage;
    }
    reporter.normal('Pulled', `Container image "${image}" already present on machine`);
    const options = { ...this.options, pod, onExit: (run: Run) => this.ended(name, run) };
    const start = await startContainer(options, container, passage.image, book.nextAttempt(name));
    if (start.kind === 'waiting') return start;
    if (start.kind === 'ended') {
      book.add(name, start.view);
      return { waiting: { reason: 'RunContainerError', message: start.view.exit?.message } };
    }
    book.add(name, { run: start.run, health: this.watch(start.run, container) });
    return this.afterStart(pod, container, start.run);
  }

  /** Stops a container that its image or a probe asks to end. */
  async stop(pod: Pod, wish: Stop): Promise<void> {
    const { book, reporter } = this.options;
    const { container, why } = wish;
    const run = book.running(container.name);
    if (run === undefined) return;
    if (why === 'image-changed') {
      const { image } = container;
      reporter.fact(container.name, 'image-changed', `${run.view().image} -> ${image}`, { image });
    }
    const probe = why === 'startup' ? container.startupProbe : container.livenessProbe;
    const own = why === 'image-changed' ? undefined : probe?.terminationGracePeriodSeconds;
    await this.end(run, container, messageOf(wish), own ?? pod.spec.terminationGracePeriodSeconds ?? GRACE);
  }

  /** Stops all containers of the Pod at the same time. */
  async stopAll({ metadata, spec }: Pod): Promise<void> {
    const all = [...(spec.initContainers ?? []), ...spec.containers];
    const grace = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? GRACE;
    await Promise.all(
      all.map(async (container) => {
        const run = this.options.book.running(container.name);
        if (run) await this.end(run, container, `Stopping container ${container.name}`, grace);
      }),
    );
  }

  killAll(): void {
    for (const [, run] of this.options.book.allRunning()) run.kill();
  }

  private end(run: Run, container: Container, message: string, graceSeconds: number): Promise<void> {
    const { term, clock, reporter, halt } = this.options;
    return stopRun(run, { container, graceSeconds, message, term, clock, reporter, signal: halt });
  }

  private watch(run: Run, container: Container): Health {
    const { clock, reporter, wake, report } = this.options;
    const health: Health = new Health({
      run,
      container,
      clock,
      onChange: () => (health.failing ? wake() : report()),
      onFailedLook: (kind, output) => {
        reporter.warning('Unhealthy', `${kind} probe failed: ${output}`);
        reporter.fact(container.name, 'probe-failed', `${kind} probe: ${output}`);
      },
    });
    return health;
  }

  /** The next container starts only when postStart has returned. */
  private async afterStart(pod: Pod, container: Container, run: Run): Promise<Failure | undefined> {
    const { clock, reporter, ending } = this.options;
    const hook = container.lifecycle?.postStart;
    const message = hook && (await runHook(run, hook, clock, { signal: ending }));
    if (message === undefined || !run.isRunning) return undefined;
    reporter.warning('FailedPostStartHook', message);
    const grace = pod.spec.terminationGracePeriodSeconds ?? GRACE;
    await this.end(run, container, `FailedPostStartHook of container ${container.name}`, grace);
    return { waiting: { reason: 'PostStartHookError', message } };
  }

  private ended(name: string, run: Run): void {
    const { startedAt, exit, image } = run.view();
    if (exit === undefined) return;
    const { exitCode } = exit;
    const detail = `exit code ${exitCode} after ${seconds(startedAt, exit.at)}`;
    this.options.reporter.fact(name, 'exited', detail, { pid: run.pid, exitCode, image });
  }
}
