/** A process of a function, as `environment.ts` forks it: the real handler on the real client, counted. */
import { systemClock } from '../../shared/io/clock.ts';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import { createLater } from '../../shared/io/later.ts';
import type { Cluster, Log } from '../../shared/io/ports.ts';
import type { Context } from '../../shared/lambda/stack.ts';
import { type Work, work } from '../../shared/lambda/work.ts';
import type { Call } from '../../shared/model/event.ts';
import type { Figures, FromFunction, ToFunction } from './messages.ts';
import { countRequests } from './requests.ts';

const KEPT_FAULTS = 3;

type Tally = Omit<Figures, 'requests' | 'rss' | 'highestRss'>;

const noTally = (): Tally => ({
  outcomes: {},
  batches: 0,
  invocations: 0,
  longestMilliseconds: 0,
  faults: [],
  faultCount: 0,
});

const tell = (message: FromFunction): void => void process.send?.(message);

const requests = countRequests();
let tally = noTally();

const sentence = (message: string, { fault }: Record<string, unknown> = {}): string =>
  `${message}: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`;

const log: Log = {
  info: () => undefined,
  warn: () => undefined,
  error(message, fields) {
    tally.faultCount += 1;
    if (tally.faults.length < KEPT_FAULTS) tally.faults.push(sentence(message, fields));
  },
};

const counted =
  (run: Work): Work =>
  (event, context) =>
    requests.inRun(async (done) => {
      try {
        const outcomes = await run(event, context);
        for (const { code } of outcomes) tally.outcomes[code] = (tally.outcomes[code] ?? 0) + 1;
        return outcomes;
      } finally {
        if (done.moves > 0) tally.batches += 1;
      }
    });

export interface Served {
  call: Call;
  create(cluster: Cluster, log: Log): Work;
}

const createHandler = ({ call, create }: Served, access: ClusterAccess) => {
  const later = createLater({
    queueUrl: '',
    sendMessage: async ({ MessageBody, DelaySeconds }) =>
      tell({ kind: 'later', body: MessageBody, delaySeconds: DelaySeconds }),
  });
  const run = create(connectCluster(access), log);
  return work(counted(run), { later, log, clock: systemClock, call });
};

/** The part of Lambda's context that the stack reads. */
const contextOf = (awsRequestId: string, timeoutMilliseconds: number): Context => {
  const end = Date.now() + timeoutMilliseconds;
  return { awsRequestId, getRemainingTimeInMillis: () => Math.max(0, end - Date.now()) } as Context;
};

let handler: ReturnType<typeof createHandler> | undefined;

const invoke = async ({ id, event, timeoutMilliseconds }: Extract<ToFunction, { kind: 'invoke' }>) => {
  const start = performance.now();
  // A fault is logged by the stack; without a value the invocation counts as failed.
  const value = await handler?.(event, contextOf(String(id), timeoutMilliseconds)).catch(() => undefined);
  tally.invocations += 1;
  tally.longestMilliseconds = Math.max(tally.longestMilliseconds, performance.now() - start);
  tell({ kind: 'invoked', id, value });
};

const takeFigures = (): Figures => {
  const figures = {
    ...tally,
    requests: requests.take(),
    rss: process.memoryUsage.rss(),
    highestRss: process.resourceUsage().maxRSS * 1024,
  };
  tally = noTally();
  return figures;
};

/** Does as it is told by the process that has forked this one. */
export const serveFunction = (served: Served): void => {
  process.on('message', (message: ToFunction) => {
    switch (message.kind) {
      case 'start':
        handler = createHandler(served, message.access);
        return tell({ kind: 'ready' });
      case 'invoke':
        return void invoke(message);
      case 'figures':
        return tell({ kind: 'figures', id: message.id, figures: takeFigures() });
      default:
        return message satisfies never;
    }
  });
  // Ctrl-C reaches the whole group; who started this process ends it.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
};
