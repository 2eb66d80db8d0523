/** The functions' identities on a cluster that is not ours: a ServiceAccount each, and a token for it. */
import { FUNCTIONS, type FunctionName } from '../../infra/identities.ts';
import type { FunctionTokens } from '../../infra/local/functions.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import { SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import { type Resource, SERVICE_ACCOUNTS } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';
import { createApplier } from '../install/apply.ts';
import { loadManifests } from '../install/load.ts';
import type { Manifest } from '../manifests.ts';

/** A subresource that objects are only created in. */
const tokensOf = (account: string): Resource => ({
  ...SERVICE_ACCOUNTS,
  plural: `serviceaccounts/${account}/token`,
  kind: 'TokenRequest',
});

/** What the functions hold for as long as they run; a cluster may give less. */
const EXPIRATION_SECONDS = 24 * 60 * 60;

interface TokenRequest extends KubernetesObject {
  spec: { expirationSeconds: number };
  status?: { token: string; expirationTimestamp: string };
}

export interface IssuedTokens {
  tokens: FunctionTokens;
  /** When the first of them ends. */
  until: Date;
}

const isAccount = ({ kind }: Manifest): boolean => kind === 'Namespace' || kind === 'ServiceAccount';

const issue = async (cluster: UserCluster, name: FunctionName) => {
  const { status } = await cluster.create<TokenRequest>(tokensOf(name), {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name, namespace: SYSTEM_NAMESPACE },
    spec: { expirationSeconds: EXPIRATION_SECONDS },
  });
  if (status === undefined) throw new Error(`the cluster issued no token for ServiceAccount ${name}`);
  return { name, token: status.token, until: new Date(status.expirationTimestamp) };
};

/** Applies the namespace and the ServiceAccounts of the installation first; their rights come with the rest of it. */
export const issueTokens = async (cluster: UserCluster): Promise<IssuedTokens> => {
  const applier = createApplier(cluster);
  for (const manifest of (await loadManifests()).filter(isAccount)) await applier.apply(manifest);
  const issued = await Promise.all(FUNCTIONS.map((name) => issue(cluster, name)));
  return {
    tokens: Object.fromEntries(issued.map(({ name, token }) => [name, token])) as FunctionTokens,
    until: new Date(Math.min(...issued.map(({ until }) => until.getTime()))),
  };
};
