import { setTimeout as pause } from 'node:timers/promises';
import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import { createLater } from '../../shared/io/later.ts';
import { createLog } from '../../shared/io/log.ts';
import { work } from '../../shared/lambda/work.ts';
import { createLaunch } from './run.ts';

const { cluster, queueUrl } = readConfiguration(process.env);

export const handler = work(createLaunch({ cluster: connectCluster(cluster), clock: systemClock, pause }), {
  later: createLater({ queueUrl }),
  log: createLog({ function: 'launch' }),
  clock: systemClock,
  call: 'launch',
});
