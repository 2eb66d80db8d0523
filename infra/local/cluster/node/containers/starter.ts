import type { Container, EphemeralContainer, Pod } from '../../../../../shared/model/kubernetes.ts';
import type { FoundImage, Images } from '../../images/images.ts';
import type { Sources } from '../files/volumes.ts';
import type { Address } from '../pod/fields.ts';
import { StartGate } from '../pod/gate.ts';
import { isFirstProcess } from '../pod/processes.ts';
import { containerRefusal } from '../pod/refusals.ts';
import type { Waiting } from '../pod/status.ts';
import type { Groups } from '../processes/groups.ts';
import { hasKill, killerScript, killOf, targetOf } from './ephemeral.ts';
import { runHook } from './hook.ts';
import type { Run } from './run.ts';
import { killResult, signalFirstProcess } from './signalling.ts';
import { type StartOptions, startContainer } from './start.ts';
import type { Stopper, StopperOptions } from './stopper.ts';
import { watchRun } from './watch.ts';

export interface StarterOptions extends StopperOptions {
  images: Images;
  groups: Groups;
  /** The Pod's directory. */
  directory: string;
  address: Address;
  sources: Sources;
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

type Manner = Pick<StartOptions, 'delay' | 'standIn'>;

const notSupported = (message: string): Failure => ({ waiting: { reason: 'NotSupported', message } });

/** Starts the containers of one Pod, and tells about it. */
export class Starter {
  private readonly options: StarterOptions;
  private readonly stopper: Stopper;
  private readonly gate: StartGate;

  constructor(options: StarterOptions, stopper: Stopper) {
    this.options = options;
    this.stopper = stopper;
    this.gate = new StartGate(options.images);
  }

  /** Starts a container's next run; says why it could not. */
  async start(pod: Pod, container: Container): Promise<Failure | undefined> {
    const image = this.imageFor(pod, container, containerRefusal(container));
    if ('waiting' in image) return image;
    const run = await this.launch(pod, container, image, { delay: this.options.delays.start });
    return run === undefined || 'waiting' in run ? run : this.afterStart(pod, container, run);
  }

  /** Starts an ephemeral container, once and for all; says why it could not. */
  async startEphemeral(pod: Pod, container: EphemeralContainer): Promise<Failure | undefined> {
    const { book, delays, images } = this.options;
    const { name } = container;
    const kill = killOf(container, images.find(container.image ?? ''));
    const isKiller = kill.kind === 'signal' || kill.kind === 'test';
    const refusal = kill.kind === 'refused' ? kill.message : containerRefusal(container, isKiller);
    const image = this.imageFor(pod, container, refusal);
    if ('waiting' in image) return image;
    const target = targetOf(pod, container, book);
    if (target.kind === 'waiting') return target;
    const result = killResult(pod, name);
    const standIn = isKiller && hasKill(image) ? killerScript(result) : undefined;
    const run = await this.launch(pod, container, image, { delay: delays.ephemeral, standIn });
    if (run === undefined || 'waiting' in run) return run;
    // The end of process 1 is the end of its PID namespace.
    void target.run?.ended.then(() => run.kill());
    const sender = { container: name, by: `ephemeral container ${name}` };
    if (standIn && kill.kind === 'signal' && result.exitCode === 0)
      signalFirstProcess({ ...this.options, pod }, sender, kill.signal);
    return undefined;
  }

  /** The container's image, or why it may not be started now. */
  private imageFor(pod: Pod, container: Container, refusal: string | undefined): FoundImage | Failure {
    const { book, clock, reporter } = this.options;
    if (refusal !== undefined) {
      reporter.warning('NotSupported', refusal);
      return notSupported(refusal);
    }
    const passage = this.gate.pass(pod, container, book.view(container.name)?.current, clock.now());
    if (passage.kind === 'open') {
      reporter.normal('Pulled', `Container image "${container.image}" already present on machine`);
      return passage.image;
    }
    const { note } = passage;
    if (note) reporter[note.type](note.reason, note.message);
    return passage;
  }

  /** `undefined` when the Pod is to end before the container has been started. */
  private async launch(
    pod: Pod,
    container: Container,
    image: FoundImage,
    manner: Manner,
  ): Promise<Run | Failure | undefined> {
    const { book } = this.options;
    const { name } = container;
    const isFirst = isFirstProcess(pod, container);
    const onExit = (run: Run) => this.ended(name, run);
    const options = { ...this.options, ...manner, pod, isFirst, onExit };
    const start = await startContainer(options, container, image, book.nextAttempt(name));
    if (start.kind === 'dropped') return undefined;
    if (start.kind === 'waiting') return start;
    if (start.kind === 'ended') {
      book.add(name, start.view);
      return { waiting: { reason: 'RunContainerError', message: start.view.exit?.message } };
    }
    book.add(name, { run: start.run, health: watchRun(this.options, container, start.run) });
    return start.run;
  }

  /** The next container starts only when postStart has returned. */
  private async afterStart(pod: Pod, container: Container, run: Run): Promise<Failure | undefined> {
    const { clock, reporter, ending } = this.options;
    const hook = container.lifecycle?.postStart;
    const message = hook && (await runHook(run, hook, clock, { signal: ending }));
    if (message === undefined || !run.isRunning) return undefined;
    reporter.warning('FailedPostStartHook', message);
    await this.stopper.abandon(pod, container, run);
    return { waiting: { reason: 'PostStartHookError', message } };
  }

  private ended(name: string, run: Run): void {
    const { startedAt, exit, image } = run.view();
    if (exit === undefined) return;
    const { exitCode } = exit;
    const took = (exit.at.getTime() - startedAt.getTime()) / 1000;
    const detail = `exit code ${exitCode} after ${took.toFixed(1)} s`;
    this.options.reporter.fact(name, 'exited', detail, { pid: run.pid, exitCode, image });
  }
}
