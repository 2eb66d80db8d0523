/** The functions of serverless.yml and the event path between them, in this process, for a cluster anywhere. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { systemClock } from '../../shared/io/clock.ts';
import type { Log } from '../../shared/io/ports.ts';
import { FUNCTIONS, type FunctionName } from '../identities.ts';
import { startAws } from './aws/aws.ts';
import { readWiring } from './aws/wiring.ts';
import { createAuthority } from './certificates.ts';

/** Bearer token of each function on the cluster. */
export type FunctionTokens = Record<FunctionName, string>;

export interface FunctionsOptions {
  /** `ca` is the PEM of the authority that signed the API server's certificate. */
  cluster: { url: string; ca: string };
  tokens: FunctionTokens;
  /** Address on which the API server reaches the functions: an IP or a name of this machine; 127.0.0.1 without it. */
  host?: string;
  /** Any free one without it. */
  port?: number;
  /** Names of functions that are not started. */
  without?: string[];
  /** Milliseconds between resyncs, in place of the rates in serverless.yml. */
  resyncEvery?: number;
  /** The least level that the functions log to stdout: `INFO`, `WARN` or `ERROR`. */
  logLevel: string;
  log: Log;
}

export interface Functions {
  /** Where the API server reaches the functions, with an authority that lives as long as they do. */
  endpoint: { url: string; ca: string };
  /** Whether a function has nothing to do: no message in its queue that is due, no invocation running. */
  isIdle(functionName: string): boolean;
  /** Waits for invocations under way, then closes every connection. */
  stop(): Promise<void>;
}

const CLUSTER = 'local';
const SERVERLESS = join(import.meta.dirname, '../../serverless.yml');
const LOOPBACK = '127.0.0.1';

/** A secret that can't be guessed, of letters that need no quoting in a URL or a header. */
export const secret = (): string => randomBytes(24).toString('base64url');

const tokenParameters = (tokens: FunctionTokens): Record<string, string> =>
  Object.fromEntries(FUNCTIONS.map((name) => [`${name}Token`, tokens[name]]));

/** Rejects, with nothing left running, if a port is in use or serverless.yml can't be played. */
export const startFunctions = async (options: FunctionsOptions): Promise<Functions> => {
  const { cluster, host = LOOPBACK, port, without, resyncEvery, log, logLevel } = options;
  const pathToken = secret();
  const wiring = readWiring({
    file: SERVERLESS,
    stage: 'local',
    parameters: {
      cluster: CLUSTER,
      clusterEndpoint: cluster.url,
      clusterCa: Buffer.from(cluster.ca).toString('base64'),
      ...tokenParameters(options.tokens),
      pathTokens: pathToken,
    },
  });
  const authority = await createAuthority();
  const tls = await authority.issue('localhost', [...new Set([host, LOOPBACK, 'localhost'])]);
  const ports = { gateway: port };
  const clock = systemClock;
  const aws = await startAws({ wiring, tls, clock, log, without, resyncEvery, logLevel, host, ports });
  return {
    endpoint: { url: `${aws.gatewayUrl}/${CLUSTER}/${pathToken}`, ca: authority.ca },
    isIdle: aws.isIdle,
    stop: aws.stop,
  };
};
