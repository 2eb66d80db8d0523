import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import { sha256Hex } from '../../shared/io/digest.ts';
import { createLog } from '../../shared/io/log.ts';
import { loadRegex } from '../../shared/io/regex.ts';
import { admission } from '../../shared/lambda/admission.ts';
import { createInject } from './run.ts';
import { readState } from './state.ts';

const { cluster, pathTokens } = readConfiguration(process.env);
const log = createLog({ function: 'inject' });

export const handler = admission(
  createInject({
    read: readState(connectCluster(cluster), loadRegex),
    clock: systemClock,
    random: Math.random,
    digest: sha256Hex,
    log,
  }),
  { tokens: pathTokens, cluster: cluster.name, log },
);
