/** A process: the functions and the event path between them as serverless.yml wires them, `observe` and `terminate` traced. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { FUNCTIONS } from '../../infra/identities.ts';
import { startAws } from '../../infra/local/aws/aws.ts';
import type { FunctionWiring, Wiring } from '../../infra/local/aws/wiring/types.ts';
import { readWiring } from '../../infra/local/aws/wiring.ts';
import { createAuthority } from '../../infra/local/certificates.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { createLog } from '../../shared/io/log.ts';
import { answerParent } from '../support/child.ts';
import type { FunctionsAnswer, FunctionsAsk } from './messages.ts';
import { takeTrace } from './trace.ts';

const CLUSTER = 'bench';
const HERE = import.meta.dirname;
const TRACED = ['observe', 'terminate'];
/** Nothing here is theirs; a resync would send events of its own. */
const WITHOUT = ['launch', 'rollout', 'resync'];

const undo = new AsyncDisposableStack();

const traced = (wiring: FunctionWiring): FunctionWiring =>
  TRACED.includes(wiring.name)
    ? { ...wiring, handler: { module: join(HERE, 'traced', wiring.name), exported: 'handler' } }
    : wiring;

type Start = Extract<FunctionsAsk, { kind: 'start' }>;

const wiringFor = ({ cluster, tokens }: Start, pathToken: string): Wiring => {
  const wiring = readWiring({
    file: join(HERE, '../../serverless.yml'),
    stage: 'bench',
    parameters: {
      cluster: CLUSTER,
      clusterEndpoint: cluster.url,
      clusterCa: Buffer.from(cluster.ca).toString('base64'),
      ...Object.fromEntries(FUNCTIONS.map((name) => [`${name}Token`, tokens[name]])),
      pathTokens: pathToken,
    },
  });
  return { ...wiring, functions: wiring.functions.map(traced) };
};

const start = async (ask: Start): Promise<FunctionsAnswer> => {
  const pathToken = randomBytes(24).toString('base64url');
  const authority = await createAuthority();
  const tls = await authority.issue('localhost', ['127.0.0.1', 'localhost']);
  const log = createLog({ function: 'local', level: 'WARN' });
  const wiring = wiringFor(ask, pathToken);
  const aws = await startAws({ wiring, tls, clock: systemClock, log, without: WITHOUT, logLevel: 'WARN' });
  undo.defer(() => aws.stop());
  return { url: `${aws.gatewayUrl}/${CLUSTER}/${pathToken}`, ca: authority.ca };
};

answerParent<FunctionsAsk>(
  async (ask) => (ask.kind === 'start' ? start(ask) : takeTrace()),
  () => undo.disposeAsync(),
);
