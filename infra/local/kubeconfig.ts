/** What kubectl and client libraries need to reach the local cluster. */
import { stringify } from 'yaml';

export interface KubeconfigOptions {
  /** `https://127.0.0.1:6443` */
  url: string;
  /** PEM of the authority that issued the server's certificate. */
  ca: string;
  token: string;
  /** Of the cluster, the user and the context. */
  name: string;
}

/** A kubeconfig as YAML text. It holds a token: write it readable by its owner only (mode 0600). */
export const kubeconfig = ({ url, ca, token, name }: KubeconfigOptions): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
      },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  });
