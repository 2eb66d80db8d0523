/** What the attempts are made on. */
import type { ClusterAccess } from '../../../shared/io/cluster/access.ts';
import { createHttpsTransport } from '../../../shared/io/cluster/https.ts';
import type { TransportRequest, TransportResponse } from '../../../shared/io/cluster/transport.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { CONFIG_MAPS, PODS } from '../../../shared/model/resources.ts';
import type { Setting } from './setting.ts';

export const NAMESPACE = 'bait';

/** A Pod with an injected container, and a ConfigMap that only looks like its barrier. */
export const layBait = async ({ admin }: Setting): Promise<void> => {
  const pod: KubernetesObject & { spec: object } = {
    metadata: {
      name: 'bait',
      namespace: NAMESPACE,
      labels: { owner: 'user' },
      annotations: { note: 'mine' },
    },
    spec: {
      schedulerName: 'nobody',
      containers: [
        { name: 'main', image: 'main:1' },
        { name: 'side', image: 'side:1', env: [{ name: 'IS_INJECTED', value: 'true' }] },
      ],
    },
  };
  await admin.create(PODS, pod);
  await admin.create(CONFIG_MAPS, { metadata: { name: 'bait-barrier', namespace: NAMESPACE } });
};

/** A dry run changes nothing, whatever the answer. */
export const attempt = (
  access: ClusterAccess,
  request: TransportRequest,
  { dryRun }: { dryRun: boolean },
): Promise<TransportResponse> => {
  const [path = '', query = ''] = request.path.split('?');
  const flag = dryRun && request.method !== 'GET' ? 'dryRun=All' : '';
  return createHttpsTransport(access)({ ...request, path: `${path}?${query}${flag}` });
};
