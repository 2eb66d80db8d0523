/** What the functions must know of a cluster that a kubeconfig names. */
import { readFile } from 'node:fs/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { UserFacingError } from '../failure.ts';

export interface ClusterAddress {
  /** URL of the API server. */
  url: string;
  /** PEM. */
  ca: string;
}

const readPem = async (data: string | undefined, file: string | undefined): Promise<string | undefined> => {
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  return file === undefined ? undefined : readFile(file, 'utf8');
};

/** Of the current context. Rejects with a UserFacingError that names the file and what is missing in it. */
export const readAddress = async (kubeconfig: string): Promise<ClusterAddress> => {
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserFacingError(`--kubeconfig ${kubeconfig}: can't be read: ${why}`, { cause });
  }
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) throw new UserFacingError(`--kubeconfig ${kubeconfig}: no current cluster`);
  const ca = await readPem(cluster.caData, cluster.caFile);
  if (ca === undefined) {
    throw new UserFacingError(
      `--kubeconfig ${kubeconfig}: cluster ${cluster.name} has no certificate-authority; the functions trust no other`,
    );
  }
  return { url: cluster.server, ca };
};
