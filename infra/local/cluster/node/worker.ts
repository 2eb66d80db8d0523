import { rm } from 'node:fs/promises';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../shared/model/resources.ts';
import { Bell } from './bell.ts';
import { RunBook } from './containers/book.ts';
import { podDirectory } from './containers/files.ts';
import { Performer, type Retry } from './containers/performer.ts';
import { RETRY } from './delays.ts';
import { Ending } from './ending.ts';
import { pause } from './pause.ts';
import { decideActions } from './pod/actions.ts';
import type { Address } from './pod/fields.ts';
import { isOver } from './pod/phase.ts';
import { podStatus } from './pod/status.ts';
import { Publisher } from './report/publisher.ts';
import { createReporter, type Reporter } from './report/reporter.ts';
import { PodSetup } from './setup.ts';
import type { Surroundings } from './surroundings.ts';
import { fingerprint, NOTHING_SEEN, type Snapshot } from './views.ts';

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
  private readonly setup: PodSetup;
  private readonly performer: Performer;
  private readonly bell = new Bell();
  private readonly looked = new Bell();
  private readonly halt = new AbortController();
  private readonly ending: Ending;
  private readonly onGone: () => void;
  private readonly loop: Promise<void>;
  private pod: Pod;
  private snapshot: Snapshot = NOTHING_SEEN;
  private looks = 0;
  private lookOfLastSync = -1;
  private sandbox = false;
  private cancelRetry = (): void => undefined;

  constructor(around: Surroundings, pod: Pod, address: Address, onGone: () => void) {
    const { client, clock, log, record, onFact } = around;
    this.around = around;
    this.pod = pod;
    this.address = address;
    this.onGone = onGone;
    this.startTime = clock.now();
    this.reporter = createReporter({ metadata: pod.metadata, clock, record, onFact });
    this.publisher = new Publisher({ client, clock, log, pod, signal: this.halt.signal });
    const { book, reporter, directory } = this;
    const wake = () => this.bell.ring();
    this.ending = new Ending({ pod, startTime: this.startTime, clock, reporter, wake });
    this.performer = new Performer({
      ...around,
      book,
      reporter,
      directory,
      address,
      sources: around.sources(pod.metadata.namespace ?? ''),
      halt: this.halt.signal,
      ending: this.ending.signal,
      wake,
      report: () => this.report(),
    });
    const onRefusal = (message: string) => this.refuse(message);
    this.setup = new PodSetup({ around, directory, address, reporter, onRefusal });
    this.loop = this.run();
    this.bell.ring();
  }

  /** The Pod as it was last seen in the API server. */
  get seen(): Pod {
    return this.pod;
  }

  get directory(): string {
    return podDirectory(this.around.directory, this.pod.metadata.uid ?? '');
  }

  /** The Pod has changed in the API server. */
  update(pod: Pod): void {
    this.pod = pod;
    this.ending.see(pod);
    this.bell.ring();
  }

  /** The Pod is not in the API server any more. */
  remove(): void {
    this.ending.leave();
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
    this.ending.begin();
    this.cancelRetry();
    this.bell.ring();
    this.looked.ring();
    this.performer.stopper.killAll();
    await this.loop;
    this.performer.stopper.killAll();
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

  private sync(): Promise<void> {
    this.ending.watchDeadline(this.pod);
    return this.ending.isDue ? this.end() : this.keep();
  }

  private async keep(): Promise<void> {
    const { snapshot, pod, book } = this;
    if (isOver(this.report())) {
      this.ending.finished = true;
      this.bell.ring();
      return;
    }
    this.sandbox = true;
    if (!(await this.setup.prepare(pod))) return this.retryIn('later');
    const probes = { failing: book.failing(), started: book.idsOf('started') };
    const retry = await this.performer.perform(pod, decideActions(pod.spec, snapshot, probes));
    if (retry !== undefined) this.retryIn(retry);
  }

  private refuse(message: string): void {
    for (const { name } of this.pod.spec.containers)
      this.performer.wait(name, { reason: 'NotSupported', message });
  }

  /** Ends the containers, then says so, then lets a deleted Pod go: each one look after the other. */
  private async end(): Promise<void> {
    const { ending } = this;
    const { clock, delays } = this.around;
    if (!ending.over) this.report();
    await this.performer.stopper.stopAll(this.pod);
    if (!ending.over) {
      await pause(clock, delays.teardown, this.halt.signal);
      ending.over = true;
      this.snapshot = this.book.snapshot(this.sandbox);
      this.report();
      this.bell.ring();
    } else if (ending.gone) {
      await this.clear();
    } else if (this.pod.metadata.deletionTimestamp !== undefined) {
      await this.publisher.flush();
      await this.around.client.removeNow(PODS, this.pod.metadata);
    }
  }

  private async clear(): Promise<void> {
    this.halt.abort();
    await rm(this.directory, { recursive: true, force: true });
    this.onGone();
  }

  private report() {
    const { pod, snapshot, book, publisher } = this;
    const { settled, isLate, over, gone } = this.ending;
    const { status, phase } = podStatus({
      pod,
      snapshot,
      waiting: this.performer.waiting,
      started: book.idsOf('started'),
      ready: book.idsOf('ready'),
      settled,
      isLate,
      over,
      podIp: this.address.podIp,
      startTime: this.startTime,
      before: publisher.latest,
      now: this.around.clock.now(),
    });
    if (!gone) publisher.publish(status);
    return phase;
  }

  private retryIn(retry: Retry): void {
    const spread = RETRY * (1 + this.around.random() / 2);
    const pause = retry === 'later' ? spread : retry;
    this.cancelRetry = this.around.clock.after(pause, () => this.bell.ring());
  }
}
