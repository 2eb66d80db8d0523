/** A process of the function. */
import { setTimeout as pause } from 'node:timers/promises';
import { createLaunch } from '../../functions/launch/run.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { serveFunction } from '../support/function.ts';

serveFunction({ call: 'launch', create: (cluster) => createLaunch({ cluster, clock: systemClock, pause }) });
