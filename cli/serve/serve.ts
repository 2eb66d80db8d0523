/** Serves the functions on this machine to a cluster that runs anyway, until it is interrupted. */
import { once } from 'node:events';
import { type Functions, startFunctions } from '../../infra/local/functions.ts';
import type { Log } from '../../shared/io/ports.ts';
import { openCluster, type UserCluster } from '../cluster.ts';
import { UserFacingError } from '../failure.ts';
import { install } from '../install/install.ts';
import { readAddress } from './access.ts';
import { issueTokens } from './tokens.ts';
import { withdraw } from './withdraw.ts';

export interface ServeOptions {
  /** Path; its current context must be an administrator's. */
  kubeconfig: string;
  /** Address of this machine as the cluster's API server reaches it. */
  host: string;
  /** Of the functions; any free one without it. */
  port?: number;
  logLevel: string;
  log: Log;
  print: (line: string) => void;
  /** Aborted with the reason for the end. */
  signal: AbortSignal;
}

const welcome = (
  kubeconfig: string,
  { endpoint }: Functions,
  until: Date,
): string => `Ready: the cluster calls the functions at ${new URL(endpoint.url).origin}. In another terminal:

  export KUBECONFIG=${kubeconfig}
  kubectl apply -f examples/ilogtail/secret.yaml -f examples/ilogtail/sidecarset.yaml

The functions' tokens are valid until ${until.toISOString()}.
Ctrl-C takes the webhooks out of the cluster and ends the functions; SidecarSets stay.`;

const LEFT_BEHIND = `the webhooks could not be taken out, and Pods are refused while they are there. Run:
  kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration sidecarset-serverless`;

const takeOut = async (cluster: UserCluster): Promise<void> => {
  await withdraw(cluster).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserFacingError(`${LEFT_BEHIND}\n${why}`, { cause });
  });
};

/** Never resolves: rejects with the signal's reason once nothing of it is left, or with what went wrong. */
export const serve = async (options: ServeOptions): Promise<never> => {
  const { kubeconfig, host, port, log, logLevel, print, signal } = options;
  const address = await readAddress(kubeconfig);
  const cluster = await openCluster(kubeconfig);
  const { tokens, until } = await issueTokens(cluster);
  const functions = await startFunctions({ cluster: address, tokens, host, port, log, logLevel });
  try {
    await install(cluster, functions.endpoint);
    print(welcome(kubeconfig, functions, until));
    if (!signal.aborted) await once(signal, 'abort');
    throw signal.reason;
  } finally {
    await takeOut(cluster).finally(() => functions.stop());
  }
};
