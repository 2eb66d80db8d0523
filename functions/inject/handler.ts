import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import { sha256Hex } from '../../shared/io/digest.ts';
import { createLog } from '../../shared/io/log.ts';
import { loadRegex } from '../../shared/io/regex.ts';
import { admission } from '../../shared/lambda/admission.ts';
import { createStrategyReader } from './defaultStrategy.ts';
import { createInject } from './run.ts';
import { createVersionReader } from './serverVersion.ts';
import { readState } from './state.ts';

const { cluster: access, pathTokens } = readConfiguration(process.env);
const log = createLog({ function: 'inject' });
const cluster = connectCluster(access);
const ports = { cluster, clock: systemClock, log };

export const handler = admission(
  createInject({
    read: readState(cluster, loadRegex, {
      readStrategy: createStrategyReader(ports),
      readVersion: createVersionReader(ports),
    }),
    clock: systemClock,
    random: Math.random,
    digest: sha256Hex,
    log,
  }),
  { tokens: pathTokens, cluster: access.name, log },
);
