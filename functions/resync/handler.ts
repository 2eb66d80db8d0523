import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { createBus } from '../../shared/io/bus.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import { createLog } from '../../shared/io/log.ts';
import { scheduled } from '../../shared/lambda/scheduled.ts';
import { createResync } from './run.ts';

const { cluster, eventBusName } = readConfiguration(process.env);
const log = createLog({ function: 'resync' });

export const handler = scheduled(
  createResync({
    name: cluster.name,
    cluster: connectCluster(cluster),
    bus: createBus({ busName: eventBusName }),
    clock: systemClock,
    log,
  }),
  { log },
);
