/**
 * etcd and kube-apiserver on loopback. No kube-controller-manager: it would take Pods away whose nodes do not exist, and
 * its watches would cost the processors that are measured.
 */
import { randomBytes } from 'node:crypto';
import { type FunctionName, identityOf } from '../../infra/identities.ts';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import { startControlPlane as start } from '../../test/cluster/controlPlane/controlPlane.ts';

export interface ControlPlane {
  /** Bears all rights. */
  admin: ClusterAccess;
  /** With the function's own identity, which has no rights yet. */
  own: ClusterAccess;
  /** Path of a kubeconfig file of the administrator. */
  kubeconfig: string;
  stop(): Promise<void>;
}

/** Rejects, with nothing left running, if a program can't be had or does not become ready. */
export const startControlPlane = async (directory: string, name: FunctionName): Promise<ControlPlane> => {
  const token = randomBytes(24).toString('base64url');
  const users = new Map([[token, identityOf(name)]]);
  const started = await start({ directory, users, withoutControllers: true });
  const access = (bearer: string): ClusterAccess => ({
    endpoint: started.url,
    ca: started.authority.ca,
    token: bearer,
  });
  return {
    admin: access(started.token),
    own: access(token),
    kubeconfig: started.kubeconfig,
    stop: () => started.stop(),
  };
};
