import type { Pod } from '../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../shared/model/resources.ts';
import { NOTHING, type Plan, type Subject } from './plan.ts';

/** The one node of the embedded cluster. */
const NODE_NAME = 'local-node';

/** Wishes of a Pod that one node can't be weighed against. */
const WISHES = ['nodeSelector', 'affinity', 'topologySpreadConstraints'] as const;

const isSet = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

const isOurs = (spec: Record<string, unknown>): boolean =>
  (spec['schedulerName'] ?? 'default-scheduler') === 'default-scheduler' && !isSet(spec['schedulingGates']);

const isWaiting = ({ metadata, spec, status }: Pod): boolean =>
  !spec.nodeName && metadata.deletionTimestamp === undefined && (status?.phase ?? 'Pending') === 'Pending';

const refused = (on: Subject, wish: string): Plan => ({
  actions: [
    {
      kind: 'event',
      on,
      type: 'Warning',
      reason: 'FailedScheduling',
      message: `spec.${wish} is not supported by the embedded cluster`,
    },
  ],
});

const assigned = (on: Subject): Plan => ({
  actions: [
    { kind: 'bind', pod: on.metadata, node: NODE_NAME },
    {
      kind: 'event',
      on,
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${on.metadata.namespace}/${on.metadata.name} to ${NODE_NAME}`,
    },
  ],
});

/**
 * Assigns a waiting Pod to the one node, whatever room that has. Pods of another scheduler or with a scheduling gate
 * are left alone; a wish that is not honoured is a `FailedScheduling` Event, and the Pod stays Pending.
 */
export const planAssignment = (pod: Pod): Plan => {
  const spec: Record<string, unknown> = { ...pod.spec };
  if (!isWaiting(pod) || !isOurs(spec)) return NOTHING;
  const on = { resource: PODS, metadata: pod.metadata };
  const wish = WISHES.find((name) => isSet(spec[name]));
  return wish === undefined ? assigned(on) : refused(on, wish);
};
