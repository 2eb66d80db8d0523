import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { createBus } from '../../shared/io/bus.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { createLog } from '../../shared/io/log.ts';
import { admission } from '../../shared/lambda/admission.ts';
import { createObserve } from './run.ts';

const { cluster, pathTokens, eventBusName } = readConfiguration(process.env);
const log = createLog({ function: 'observe' });

export const handler = admission(
  createObserve({
    bus: createBus({ busName: eventBusName }),
    clock: systemClock,
    log,
    cluster: cluster.name,
  }),
  { tokens: pathTokens, cluster: cluster.name, log },
);
