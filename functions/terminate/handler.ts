import { setTimeout as pause } from 'node:timers/promises';
import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { connectCluster, prepareExec } from '../../shared/io/cluster/connect.ts';
import { createLater } from '../../shared/io/later.ts';
import { createLog } from '../../shared/io/log.ts';
import { work } from '../../shared/lambda/work.ts';
import { createTerminate } from './run.ts';

const { cluster, queueUrl, killerImage } = readConfiguration(process.env);

prepareExec();

export const handler = work(
  createTerminate({ cluster: connectCluster(cluster), clock: systemClock, pause, killerImage }),
  {
    later: createLater({ queueUrl }),
    log: createLog({ function: 'terminate' }),
    clock: systemClock,
    call: 'terminate',
  },
);
