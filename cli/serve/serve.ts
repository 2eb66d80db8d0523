/** Serves the functions on this machine to a cluster that runs anyway, until it is interrupted. */
import { once } from 'node:events';
import { type Functions, startFunctions } from '../../infra/local/functions.ts';
import type { Log } from '../../shared/io/ports.ts';
import { openCluster, type UserCluster } from '../cluster.ts';
import { UserFacingError } from '../failure.ts';
import { installChecked } from '../install/install.ts';
import { redact } from '../install/text/redact.ts';
import { type UninstallOptions, uninstall } from '../install/uninstall.ts';
import { readAddress } from './access.ts';
import { requireFree } from './free.ts';
import { issueTokens } from './tokens.ts';

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
Ctrl-C takes webhooks and rights out of the cluster and ends the functions; SidecarSets stay.`;

/** Nothing calls the functions while they end, and what they have begun they end with their rights. */
const takeOut = async (
  cluster: UserCluster,
  kubeconfig: string,
  options: Pick<UninstallOptions, 'say' | 'beforeRights'>,
): Promise<void> => {
  await uninstall(cluster, options).catch((cause: unknown) => {
    const why = redact(cause instanceof Error ? cause.message : String(cause));
    const advice = `npx sidecarset uninstall --kubeconfig ${kubeconfig}`;
    throw new UserFacingError(
      `not everything could be taken out, and Pods are refused while webhooks are there. Run:\n  ${advice}\n${why}`,
      { cause },
    );
  });
};

/**
 * Never resolves: rejects with the signal's reason once nothing of it is left but what an uninstallation leaves, or with
 * what went wrong. A cluster that is in use already is refused before anything is written.
 */
export const serve = async (options: ServeOptions): Promise<never> => {
  const { kubeconfig, host, port, log, logLevel, signal } = options;
  const say = (line: string): void => options.print(redact(line));
  const address = await readAddress(kubeconfig);
  const cluster = await openCluster(kubeconfig);
  await requireFree(cluster, kubeconfig);
  let functions: Functions | undefined;
  const stop = async (): Promise<void> => {
    const running = functions;
    functions = undefined;
    await running?.stop();
  };
  try {
    const { tokens, until } = await issueTokens(cluster);
    functions = await startFunctions({ cluster: address, tokens, host, port, log, logLevel });
    await installChecked(cluster, { endpoint: functions.endpoint, signal, say });
    say(welcome(kubeconfig, functions, until));
    if (!signal.aborted) await once(signal, 'abort');
    throw signal.reason;
  } finally {
    // Without functions there was no installation yet: of what is taken out then there is nothing to say.
    const sayLast = functions === undefined ? () => undefined : say;
    await takeOut(cluster, kubeconfig, { say: sayLast, beforeRights: stop }).finally(stop);
  }
};
