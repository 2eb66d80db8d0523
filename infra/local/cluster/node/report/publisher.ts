import { type Clock, ClusterError, type Log } from '../../../../../shared/io/ports.ts';
import type { Pod, PodStatus } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import type { LocalClient } from '../../client.ts';
import { pause } from '../pause.ts';

const RETRY = 1000;

/** A merge by type keeps what it is not told about: a condition's old reason must be named to go. */
const patchOf = (uid: string | undefined, status: PodStatus): object => ({
  metadata: { uid },
  status: {
    ...status,
    conditions: status.conditions?.map((condition) => ({ reason: null, message: null, ...condition })),
  },
});

/** The Pod is gone, or another one has its name: nothing to say any more. */
const isOutdated = (fault: unknown): boolean =>
  fault instanceof ClusterError && [404, 409].includes(fault.code);

interface PublisherOptions {
  client: LocalClient;
  clock: Clock;
  log: Log;
  pod: Pod;
  /** Aborted when the node stops. */
  signal: AbortSignal;
}

/** Writes a Pod's status, one write at a time; of those that wait only the latest, and none that changes nothing. */
export class Publisher {
  private readonly options: PublisherOptions;
  private current: PodStatus;
  private written: string;
  private writing: Promise<void> | undefined;

  constructor(options: PublisherOptions) {
    this.options = options;
    this.current = options.pod.status ?? {};
    this.written = JSON.stringify(this.current);
  }

  /** The status that was published last, whether it has been written yet or not. */
  get latest(): PodStatus {
    return this.current;
  }

  publish(status: PodStatus): void {
    this.current = status;
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
    });
  }

  /** Resolves when nothing is left to write. */
  async flush(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    const { client, clock, log, pod, signal } = this.options;
    while (JSON.stringify(this.current) !== this.written && !signal.aborted) {
      const next = JSON.stringify(this.current);
      try {
        const patch = patchOf(pod.metadata.uid, this.current);
        await client.patch(PODS, pod.metadata, patch, { type: 'strategic', subresource: 'status' });
        this.written = next;
      } catch (fault) {
        if (isOutdated(fault)) return;
        log.warn('status not written', { pod: pod.metadata.name, fault: String(fault) });
        await pause(clock, RETRY, signal);
      }
    }
  }
}
