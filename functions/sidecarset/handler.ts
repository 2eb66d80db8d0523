import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { connectCluster } from '../../shared/io/cluster/connect.ts';
import { sha256Hex } from '../../shared/io/digest.ts';
import { createLog } from '../../shared/io/log.ts';
import { loadRegex } from '../../shared/io/regex.ts';
import { admission } from '../../shared/lambda/admission.ts';
import { createSidecarset } from './run.ts';
import { readSurroundings } from './surroundings.ts';

const { cluster, pathTokens } = readConfiguration(process.env);
const log = createLog({ function: 'sidecarset' });

export const handler = admission(
  createSidecarset({
    digest: sha256Hex,
    read: readSurroundings(connectCluster(cluster), log),
    loadRegex,
    log,
  }),
  {
    tokens: pathTokens,
    cluster: cluster.name,
    log,
  },
);
