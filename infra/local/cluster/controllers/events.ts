import { createHash } from 'node:crypto';
import { type Clock, isAlreadyExists, type Log } from '../../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../../shared/model/kubernetes.ts';
import { EVENTS } from '../../../../shared/model/resources.ts';
import { wholeSeconds } from '../../../../shared/model/time.ts';
import type { LocalClient } from '../client.ts';
import type { Subject } from './plan.ts';

export interface Note {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

export type Recorder = (on: Subject, note: Note) => Promise<void>;

interface CoreEvent extends KubernetesObject {
  count?: number;
  lastTimestamp?: string;
}

const MAX_MESSAGE = 1024;

interface RecorderOptions {
  client: LocalClient;
  clock: Clock;
  log: Log;
  /** `job-controller`, `default-scheduler` ... */
  component: string;
}

/**
 * Writes `v1` Events. The same note on the same object again only raises `count`, as its name is made from both.
 * An Event that can't be written is logged: what it tells about has happened all the same.
 */
export const createRecorder = ({ client, clock, log, component }: RecorderOptions): Recorder => {
  const eventOf = ({ resource, metadata }: Subject, note: Note): CoreEvent & Record<string, unknown> => {
    const namespace = metadata.namespace ?? 'default';
    const { type, reason } = note;
    const message = note.message.slice(0, MAX_MESSAGE);
    const digest = createHash('sha256').update([metadata.uid, component, reason, message].join('\n'));
    const at = wholeSeconds(clock.now());
    const version = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${metadata.name}.${digest.digest('hex').slice(0, 16)}`, namespace },
      involvedObject: {
        apiVersion: version,
        kind: resource.kind,
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
      },
      type,
      reason,
      message,
      source: { component },
      reportingComponent: component,
      reportingInstance: '',
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    };
  };

  const countUp = async (event: CoreEvent): Promise<void> => {
    const known = await client.get<CoreEvent>(EVENTS, event.metadata);
    const patch = { count: (known?.count ?? 0) + 1, lastTimestamp: event.lastTimestamp };
    await client.patch(EVENTS, event.metadata, patch, { type: 'merge' });
  };

  return async (on, note) => {
    const event = eventOf(on, note);
    try {
      await client.create(EVENTS, event).catch((fault: unknown) => {
        if (!isAlreadyExists(fault)) throw fault;
        return countUp(event);
      });
    } catch (fault) {
      log.warn('event not recorded', { reason: note.reason, object: on.metadata.name, fault: String(fault) });
    }
  };
};
