import { rm } from 'node:fs/promises';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../shared/model/resources.ts';
import { Bell } from './bell.ts';
import { RunBook } from './containers/book.ts';
import { podDirectory, volumesDirectory } from './containers/files.ts';
import { ContainerLife } from './containers/life.ts';
import { makeVolumes } from './files/volumes.ts';
import { type Actions, decideActions, inOrder } from './pod/actions.ts';
import type { Address } from './pod/fields.ts';
import { isOver } from './pod/phase.ts';
import { podRefusal } from './pod/refusals.ts';
import { podStatus, type Waiting } from './pod/status.ts';
import { Publisher } from './report/publisher.ts';
import { createReporter, type Reporter } from './report/reporter.ts';
import type { Surroundings } from './surroundings.ts';
import { fingerprint, NOTHING_SEEN, type Snapshot } from './views.ts';

/** A failed sync is tried again after this, times 1 to 1.5. */
const RETRY = 10_000;

/**
 * One Pod's worker, as the kubelet's: it syncs when the Pod changes, when a look at the processes finds a change, and
 * again some time after a failure; never twice on the same look, and never beside itself.
 */
export class PodWorker {
  readonly book = new RunBook();
  readonly reporter: Reporter;
  private readonly around: Surroundings;
  private readonly address: Address;
  private readonly startTime: Date;
  private readonly publisher: Publisher;
  private readonly life: ContainerLife;
  private readonly bell = new Bell();
  private readonly looked = new Bell();
  private readonly halt = new AbortController();
  /** Aborted when the Pod is to end: hooks of a start are not waited for any more. */
  private readonly ending = new AbortController();
  private readonly waiting = new Map<string, Waiting>();
  private readonly onGone: () => void;
  private readonly loop: Promise<void>;
  private pod: Pod;
  private snapshot: Snapshot = NOTHING_SEEN;
  private looks = 0;
  private lookOfLastSync = -1;
  private sandbox = false;
  private hasVolumes = false;
  /** The containers have ended for good; the phase follows one look later. */
  private finished = false;
  private over: boolean;
  private gone = false;
  private cancelRetry = (): void => undefined;

  constructor(around: Surroundings, pod: Pod, address: Address, onGone: () => void) {
    const { client, clock, log, record, onFact } = around;
    this.around = around;
    this.pod = pod;
    this.address = address;
    this.onGone = onGone;
    this.over = isOver(pod.status?.phase);
    this.startTime = clock.now();
    this.reporter = createReporter({ metadata: pod.metadata, clock, record, onFact });
    this.publisher = new Publisher({ client, clock, log, pod, signal: this.halt.signal });
    this.life = new ContainerLife({
      ...around,
      address,
      book: this.book,
      reporter: this.reporter,
      directory: this.directory,
      sources: around.sources(pod.metadata.namespace ?? ''),
      halt: this.halt.signal,
      ending: this.ending.signal,
      wake: () => this.bell.ring(),
      report: () => this.report(),
    });
    this.loop = this.run();
    this.bell.ring();
  }

  get directory(): string {
    return podDirectory(this.around.directory, this.pod.metadata.uid ?? '');
  }

  /** The Pod has changed in the API server. */
  update(pod: Pod): void {
    this.pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) this.ending.abort();
    this.bell.ring();
  }

  /** The Pod is not in the API server any more. */
  remove(): void {
    this.gone = true;
    this.ending.abort();
    this.bell.ring();
  }

  /** The periodic look at the processes; a change wakes the worker. */
  relist(): void {
    const before = fingerprint(this.snapshot);
    this.snapshot = this.book.snapshot(this.sandbox);
    this.looks += 1;
    this.looked.ring();
    if (fingerprint(this.snapshot) !== before) this.bell.ring();
  }

  /** Kills everything and waits for it; the Pod's status stays as it is. */
  async stop(): Promise<void> {
    this.halt.abort();
    this.ending.abort();
    this.cancelRetry();
    this.bell.ring();
    this.looked.ring();
    this.life.killAll();
    await this.loop;
    this.life.killAll();
    await Promise.all(this.book.allRunning().map(([, run]) => run.ended));
    await this.publisher.flush();
  }

  private async run(): Promise<void> {
    while (!this.halt.signal.aborted) {
      await this.bell.wait();
      while (this.looks <= this.lookOfLastSync && !this.halt.signal.aborted) await this.looked.wait();
      if (this.halt.signal.aborted) return;
      this.cancelRetry();
      try {
        await this.sync();
      } catch (fault) {
        this.around.log.error('pod not synced', { pod: this.pod.metadata.name, fault: String(fault) });
        this.retryIn('later');
      }
      this.lookOfLastSync = this.looks;
    }
  }

  private get isEnding(): boolean {
    return this.gone || this.finished || this.over || this.pod.metadata.deletionTimestamp !== undefined;
  }

  private sync(): Promise<void> {
    return this.isEnding ? this.end() : this.keep();
  }

  private async keep(): Promise<void> {
    const { snapshot, pod } = this;
    if (isOver(this.report())) {
      this.finished = true;
      this.bell.ring();
      return;
    }
    if (!(await this.prepare())) return this.retryIn('later');
    const actions = decideActions(pod.spec, snapshot, this.book.failing());
    const retry = await this.perform(pod, actions);
    if (retry !== undefined) this.retryIn(retry);
  }

  /** Sets the Pod up; false when it can't be (now). */
  private async prepare(): Promise<boolean> {
    this.sandbox = true;
    const refusal = podRefusal(this.pod);
    if (refusal !== undefined) {
      for (const { name } of this.pod.spec.containers)
        this.wait(name, { reason: 'NotSupported', message: refusal });
      this.reporter.warning('NotSupported', refusal);
      return false;
    }
    if (this.hasVolumes) return true;
    const sources = this.around.sources(this.pod.metadata.namespace ?? '');
    const directory = volumesDirectory(this.directory);
    const { serviceAccountToken } = this.around;
    const { pod, address } = this;
    const failure = await makeVolumes({ pod, directory, address, sources, serviceAccountToken });
    if (failure !== undefined) this.reporter.warning('FailedMount', failure);
    this.hasVolumes = failure === undefined;
    return this.hasVolumes;
  }

  /** `undefined` when all went well, else the milliseconds after which to try again where that is known. */
  private async perform(pod: Pod, { stop, start }: Actions): Promise<number | 'later' | undefined> {
    for (const wish of stop) await this.life.stop(pod, wish);
    const restarts = stop.flatMap(({ container, restart }) => (restart ? [container] : []));
    const pauses: (number | 'later')[] = [];
    for (const container of inOrder(pod.spec, [...start, ...restarts])) {
      if (this.ending.signal.aborted) break;
      const failure = await this.life.start(pod, container);
      this.wait(container.name, failure?.waiting);
      if (failure) pauses.push(failure.retryIn ?? 'later');
    }
    const known = pauses.filter((pause) => pause !== 'later');
    return pauses.length > known.length ? 'later' : known.sort((a, b) => a - b)[0];
  }

  private wait(name: string, waiting: Waiting | undefined): void {
    const before = this.waiting.get(name);
    if (waiting === undefined) this.waiting.delete(name);
    else this.waiting.set(name, waiting);
    if (waiting && waiting.message !== before?.message) {
      this.reporter.fact(name, 'waiting', `${waiting.reason}: ${waiting.message}`);
    }
  }

  /** Ends the containers, then says so, then lets a deleted Pod go: each one look after the other. */
  private async end(): Promise<void> {
    const { client } = this.around;
    await this.life.stopAll(this.pod);
    if (!this.over) {
      this.over = true;
      this.snapshot = this.book.snapshot(this.sandbox);
      this.report();
      this.bell.ring();
    } else if (this.gone) {
      await this.clear();
    } else if (this.pod.metadata.deletionTimestamp !== undefined) {
      await this.publisher.flush();
      await client.removeNow(PODS, this.pod.metadata);
    }
  }

  private async clear(): Promise<void> {
    this.halt.abort();
    await rm(this.directory, { recursive: true, force: true });
    this.onGone();
  }

  private report() {
    const { status, phase } = podStatus({
      pod: this.pod,
      snapshot: this.snapshot,
      waiting: this.waiting,
      started: this.book.idsOf('started'),
      ready: this.book.idsOf('ready'),
      over: this.over,
      podIp: this.address.podIp,
      startTime: this.startTime,
      before: this.publisher.latest,
      now: this.around.clock.now(),
    });
    if (!this.gone) this.publisher.publish(status);
    return phase;
  }

  private retryIn(pause: number | 'later'): void {
    const spread = RETRY * (1 + this.around.random() / 2);
    this.cancelRetry = this.around.clock.after(typeof pause === 'number' ? pause : spread, () =>
      this.bell.ring(),
    );
  }
}
