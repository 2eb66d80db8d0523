/** The functions of serverless.yml behind the local gateway, serving a cluster that is there already. */
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { FUNCTIONS } from '../../infra/identities.ts';
import { startAws } from '../../infra/local/aws/aws.ts';
import { readWiring } from '../../infra/local/aws/wiring.ts';
import { createAuthority } from '../../infra/local/certificates.ts';
import type { RunningCluster } from '../../infra/local/cluster/cluster.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { createLog } from '../../shared/io/log.ts';

export const CLUSTER_NAME = 'c1';
export const TOKENS = ['current-token-0123456789', 'previous-token-0123456789'] as const;
/** The functions' bearer token in the cluster. */
export const FUNCTIONS_TOKEN = 'functions-of-this-test';
export const FUNCTIONS_USER = { username: 'functions', groups: ['system:masters'] };

export interface FunctionsEndpoint {
  /** `https://127.0.0.1:port/c1` */
  base: string;
  /** PEM. */
  ca: string;
  stop(): Promise<void>;
}

/** Only what a webhook calls is started. */
export const startFunctions = async (cluster: RunningCluster): Promise<FunctionsEndpoint> => {
  const authority = await createAuthority();
  const parameters = {
    cluster: CLUSTER_NAME,
    clusterEndpoint: cluster.url,
    clusterCa: Buffer.from(cluster.authority.ca).toString('base64'),
    pathTokens: TOKENS.join(','),
    ...Object.fromEntries(FUNCTIONS.map((name) => [`${name}Token`, FUNCTIONS_TOKEN])),
  };
  const aws = await startAws({
    wiring: readWiring({ file: 'serverless.yml', stage: 'test', parameters }),
    tls: await authority.issue('localhost', ['127.0.0.1']),
    clock: systemClock,
    log: createLog({ function: 'test', level: 'ERROR', write: console.error }),
    without: ['launch', 'terminate', 'rollout', 'resync'],
    logLevel: 'ERROR',
  });
  return { base: `${aws.gatewayUrl}/${CLUSTER_NAME}`, ca: authority.ca, stop: () => aws.stop() };
};

/** The same functions behind a door that API servers find closed: they announce themselves as `kube-apiserver`. */
export const startDoor = async ({ base, ca }: FunctionsEndpoint): Promise<FunctionsEndpoint> => {
  const authority = await createAuthority();
  const tls = await authority.issue('localhost', ['127.0.0.1']);
  const server = createServer(tls, (incoming, outgoing) => {
    if (/kube-apiserver/.test(incoming.headers['user-agent'] ?? '')) {
      incoming.socket.destroy();
      return;
    }
    const inner = httpsRequest(`${new URL(base).origin}${incoming.url}`, {
      method: incoming.method,
      headers: { 'content-type': incoming.headers['content-type'] },
      ca,
      agent: false,
    });
    inner.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(inner);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `https://127.0.0.1:${port}/${CLUSTER_NAME}`,
    ca: authority.ca,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
