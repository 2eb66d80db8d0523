import type { SQSBatchResponse } from 'aws-lambda';
import { parseEnvelope } from '../contracts/busEvent.ts';
import { ContractError } from '../contracts/parse.ts';
import { batchAnswer, parseQueueRecords, type QueueRecord } from '../contracts/sqs.ts';
import { sentOn } from '../core/forwarding/again.ts';
import type { Clock, Later, Log } from '../io/ports.ts';
import type { Call, ClusterEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { REASONS } from '../model/reasons.ts';
import { describeFault, type LambdaHandler, stack } from './stack.ts';

/** Works on one event. `deadline` is when Lambda ends the process. An outcome is a success; a fault is thrown. */
export type Work = (event: ClusterEvent, context: { deadline: Date }) => Promise<Outcome[]>;

export interface WorkOptions {
  later: Later;
  log: Log;
  clock: Clock;
  /** The unit of work that this function does; an event that does not call for it was misrouted. */
  call: Call;
}

type Ids = Record<string, unknown>;

const parse = (body: string, call: Call): ClusterEvent => {
  const event = parseEnvelope(body);
  if (event.calls.includes(call)) return event;
  throw new ContractError('detail.calls', `must hold ${call} in this queue`);
};

const settle = async (outcome: Outcome, ids: Ids, { later, log }: WorkOptions): Promise<void> => {
  const line = { ...outcome.detail, ...ids, code: outcome.code };
  switch (outcome.kind) {
    case 'done':
      return log.info(REASONS[outcome.code], line);
    case 'later': {
      const again = sentOn(outcome.event);
      if (again === undefined) return log.warn(REASONS.HopLimit, { ...line, code: 'HopLimit' });
      await later.send(again, outcome.seconds);
      return log.info(REASONS[outcome.code], { ...line, seconds: outcome.seconds, hops: again.hops });
    }
    default:
      return outcome satisfies never;
  }
};

/**
 * A worker behind a queue: the records of a batch run beside each other, each on its own. A record that fails (a fault,
 * or a body that is no event of ours) is named in the answer and comes back until it is a dead letter; the others are
 * done. What must be looked at later is sent anew and the record acknowledged. One log line a decision, no bodies.
 */
export const work = (run: Work, options: WorkOptions): LambdaHandler<SQSBatchResponse> => {
  const perform = async (record: QueueRecord, deadline: Date, requestId: string): Promise<boolean> => {
    let ids: Ids = { requestId, messageId: record.messageId };
    try {
      const event = parse(record.body, options.call);
      ids = { ...ids, ...event.ref };
      for (const outcome of await run(event, { deadline })) await settle(outcome, ids, options);
      return true;
    } catch (fault) {
      options.log.error('the message failed', { ...ids, ...describeFault(fault) });
      return false;
    }
  };

  return stack(
    async (event, context) => {
      const deadline = new Date(options.clock.now().getTime() + context.getRemainingTimeInMillis());
      const records = parseQueueRecords(event);
      const done = await Promise.all(
        records.map((record) => perform(record, deadline, context.awsRequestId)),
      );
      return batchAnswer(records.filter((_, index) => !done[index]).map((record) => record.messageId));
    },
    { log: options.log },
  );
};
