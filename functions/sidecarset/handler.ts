import { readConfiguration } from '../../shared/contracts/configuration.ts';
import { sha256Hex } from '../../shared/io/digest.ts';
import { createLog } from '../../shared/io/log.ts';
import { admission } from '../../shared/lambda/admission.ts';
import { createSidecarset } from './run.ts';

const { cluster, pathTokens } = readConfiguration(process.env);
const log = createLog({ function: 'sidecarset' });

export const handler = admission(createSidecarset({ digest: sha256Hex, log }), {
  tokens: pathTokens,
  cluster: cluster.name,
  log,
});
