/** What the attempts are made on. */
import type { ClusterAccess } from '../../../shared/io/cluster/access.ts';
import { createHttpsTransport } from '../../../shared/io/cluster/https.ts';
import type { TransportRequest, TransportResponse } from '../../../shared/io/cluster/transport.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { CONFIG_MAPS, PODS } from '../../../shared/model/resources.ts';
import type { Setting } from './setting.ts';

export const NAMESPACE = 'bait';

const INJECTED = [{ name: 'IS_INJECTED', value: 'true' }];
const ENDS = [
  { name: 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT', value: 'true' },
  { name: 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE', value: 'exit:1' },
];
const RESOURCES = { requests: { cpu: '100m' } };

/** A Pod with injected containers, and a ConfigMap that only looks like its barrier. */
export const layBait = async ({ admin }: Setting): Promise<void> => {
  const pod: KubernetesObject & { spec: object } = {
    metadata: {
      name: 'bait',
      namespace: NAMESPACE,
      labels: { owner: 'user' },
      annotations: { note: 'mine', 'kruise.io/sidecarset-injected-list': 'logs' },
    },
    spec: {
      schedulerName: 'nobody',
      initContainers: [
        { name: 'first', image: 'first:1', env: INJECTED },
        { name: 'native', image: 'native:1', restartPolicy: 'Always' },
      ],
      containers: [
        { name: 'main', image: 'main:1', resources: RESOURCES },
        { name: 'side', image: 'side:1', env: INJECTED, resources: RESOURCES },
        { name: 'ends', image: 'ends:1', env: ENDS },
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
