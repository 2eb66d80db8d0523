/** A process: `observe`, the bus, the queue and `launch` between API server and Pods, as serverless.yml wires them. */
import { FUNCTIONS } from '../../infra/identities.ts';
import { type FunctionTokens, startFunctions } from '../../infra/local/functions.ts';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import { createLog } from '../../shared/io/log.ts';
import { answerParent } from '../support/child.ts';

/** Nothing here is theirs; a resync would send events of its own. */
const WITHOUT = ['inject', 'sidecarset', 'terminate', 'rollout', 'resync'];

const undo = new AsyncDisposableStack();

const start = async ({ endpoint, ca, token }: ClusterAccess) => {
  const functions = await startFunctions({
    cluster: { url: endpoint, ca },
    tokens: Object.fromEntries(FUNCTIONS.map((name) => [name, token])) as FunctionTokens,
    without: WITHOUT,
    logLevel: 'INFO',
    log: createLog({ function: 'local', level: 'WARN' }),
  });
  undo.defer(() => functions.stop());
  return functions.endpoint;
};

answerParent<ClusterAccess>(start, () => undo.disposeAsync());
