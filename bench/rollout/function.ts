/** A process of the function. */
import { randomUUID } from 'node:crypto';
import { createRollout } from '../../functions/rollout/run.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { serveFunction } from '../support/function.ts';

serveFunction({
  call: 'rollout',
  create: (cluster, log) => createRollout({ cluster, clock: systemClock, log, newHolder: randomUUID }),
});
