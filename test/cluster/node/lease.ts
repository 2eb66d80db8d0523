import type { Clock, Log } from '../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../shared/model/resources.ts';
import type { RemoteClient } from './client.ts';

const LEASES: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};
const RENEW_MILLISECONDS = 10_000;
const DURATION_SECONDS = 40;

interface Lease extends KubernetesObject {
  spec: object;
}

/** Tells the node lifecycle controller that the node lives; without it its Pods are evicted after some minutes. */
export const startLease = (client: RemoteClient, name: string, clock: Clock, log: Log): { stop(): void } => {
  let cancel = (): void => undefined;
  let stopped = false;
  const metadata = { name, namespace: 'kube-node-lease' };
  const renew = async (): Promise<void> => {
    const spec = {
      holderIdentity: name,
      leaseDurationSeconds: DURATION_SECONDS,
      renewTime: clock.now().toISOString().replace('Z', '000Z'),
    };
    if (await client.get<Lease>(LEASES, metadata))
      await client.patch(LEASES, metadata, { spec }, { type: 'merge' });
    else
      await client.create<Lease>(LEASES, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata,
        spec,
      });
  };
  const keep = (): void => {
    renew()
      .catch((fault: unknown) => log.warn('lease not renewed', { fault: String(fault) }))
      .finally(() => {
        if (!stopped) cancel = clock.after(RENEW_MILLISECONDS, keep);
      });
  };
  keep();
  return {
    stop() {
      stopped = true;
      cancel();
    },
  };
};
