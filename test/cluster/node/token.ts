import { SERVICE_ACCOUNTS } from '../../../infra/local/cluster/controllers/workloads.ts';
import type { IssueToken } from '../../../infra/local/cluster/node/files/volumes.ts';
import { objectPath } from '../../../shared/io/cluster/client.ts';
import type { RemoteClient } from './client.ts';
import { onceAllowed } from './patience.ts';

interface TokenRequest {
  status: { token: string };
}

/** Tokens by the TokenRequest API: a node may ask for those of the service accounts of its own Pods, bound to the Pod. */
export const issueTokenWith =
  (client: RemoteClient): IssueToken =>
  async ({ metadata, spec }, { audience, expirationSeconds }) => {
    const account = { namespace: metadata.namespace, name: spec.serviceAccountName ?? 'default' };
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: audience ? [audience] : [],
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid },
      },
    };
    const path = objectPath(SERVICE_ACCOUNTS, account, 'token');
    const answer = await onceAllowed(() => client.post<TokenRequest>(path, request));
    return answer.status.token;
  };
