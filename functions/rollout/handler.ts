import { randomUUID } from 'node:crypto';
import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import { createLater } from '../../shared/io/later.ts';
import { createLog } from '../../shared/io/log.ts';
import { work } from '../../shared/lambda/work.ts';
import { createRollout } from './run.ts';

const { cluster, queueUrl } = readConfiguration(process.env);
const log = createLog({ function: 'rollout' });

export const handler = work(
  createRollout({ cluster: connectCluster(cluster), clock: systemClock, log, newHolder: randomUUID }),
  { later: createLater({ queueUrl }), log, clock: systemClock, call: 'rollout' },
);
