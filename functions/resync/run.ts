/** On a schedule: an event for each object that may wait for us, so that whatever was lost is found. Writes nothing. */
import { ContractError } from '../../shared/contracts/parse.ts';
import type { ForwardContext } from '../../shared/core/forwarding/forward.ts';
import { POD_RESYNCS, podResyncEvents, setResyncEvents } from '../../shared/core/forwarding/resync.ts';
import type { Bus, Clock, Cluster, Log } from '../../shared/io/ports.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import { isRecord } from '../../shared/model/json.ts';
import { REASONS } from '../../shared/model/reasons.ts';
import { PODS, SIDECARSETS } from '../../shared/model/resources.ts';

export interface ResyncOptions {
  /** Name of the cluster that this installation serves. */
  name: string;
  cluster: Cluster;
  bus: Bus;
  clock: Clock;
  log: Log;
}

/** What the schedule asks for: `{"what": "pods"}` or `{"what": "sidecarsets"}`. */
type What = 'pods' | 'sidecarsets';

const parseWhat = (input: unknown): What => {
  const what = isRecord(input) ? input['what'] : undefined;
  if (what === 'pods' || what === 'sidecarsets') return what;
  throw new ContractError('what', `must be pods or sidecarsets, not ${JSON.stringify(what)}`);
};

const eventsFor = async (what: What, cluster: Cluster, context: ForwardContext): Promise<ClusterEvent[]> => {
  switch (what) {
    case 'pods': {
      const lists = POD_RESYNCS.map(async (resync) => {
        const { items } = await cluster.listMetadata(PODS, { fieldSelector: resync.fieldSelector });
        return podResyncEvents(resync, items, context);
      });
      return (await Promise.all(lists)).flat();
    }
    case 'sidecarsets':
      return setResyncEvents((await cluster.listMetadata(SIDECARSETS)).items, context);
    default:
      return what satisfies never;
  }
};

/** The work of `resync` for one input. Throws a ContractError that names an unknown one. */
export const createResync =
  ({ name, cluster, bus, clock, log }: ResyncOptions) =>
  async (input: unknown): Promise<void> => {
    const what = parseWhat(input);
    const events = await eventsFor(what, cluster, { cluster: name, at: clock.now().toISOString() });
    await bus.publish(events);
    log.info(REASONS.ResyncSent, { code: 'ResyncSent', what, events: events.length });
  };
