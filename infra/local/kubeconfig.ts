/** What kubectl and client libraries need to reach the local cluster. */
import { stringify } from 'yaml';

export interface KubeconfigOptions {
  /** `https://127.0.0.1:6443` */
  url: string;
  /** PEM of the authority that issued the server's certificate. */
  ca: string;
  /** A bearer token, or a client certificate (PEM). */
  credentials: { token: string } | { key: string; cert: string };
  /** Of the cluster, the user and the context. */
  name: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const userOf = (credentials: KubeconfigOptions['credentials']): object =>
  'token' in credentials
    ? credentials
    : {
        'client-certificate-data': base64(credentials.cert),
        'client-key-data': base64(credentials.key),
      };

/** A kubeconfig as YAML text. It holds a secret: write it readable by its owner only (mode 0600). */
export const kubeconfig = ({ url, ca, credentials, name }: KubeconfigOptions): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: { server: url, 'certificate-authority-data': base64(ca) },
      },
    ],
    users: [{ name, user: userOf(credentials) }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  });
