import type { Clock } from '../../../../../shared/io/ports.ts';
import type { ObjectMeta } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import type { Recorder } from '../../controllers/events.ts';
import type { NodeFact } from '../facts.ts';

/** Tells people about one Pod: Events in its namespace, facts for the timeline. */
export interface Reporter {
  normal(reason: string, message: string): void;
  warning(reason: string, message: string): void;
  fact(container: string, what: NodeFact['what'], detail: string, more?: Partial<NodeFact>): void;
}

export interface ReporterOptions {
  metadata: ObjectMeta;
  clock: Clock;
  record: Recorder;
  onFact: (fact: NodeFact) => void;
}

/** Events are written one after another and never waited for. */
export const createReporter = ({ metadata, clock, record, onFact }: ReporterOptions): Reporter => {
  let last = Promise.resolve();
  const event = (type: 'Normal' | 'Warning', reason: string, message: string): void => {
    last = last.then(() => record({ resource: PODS, metadata }, { type, reason, message }));
  };
  const { namespace = 'default', name: pod, uid = '' } = metadata;
  return {
    normal: (reason, message) => event('Normal', reason, message),
    warning: (reason, message) => event('Warning', reason, message),
    fact: (container, what, detail, more) =>
      onFact({ at: clock.now(), namespace, pod, uid, container, what, detail, ...more }),
  };
};
