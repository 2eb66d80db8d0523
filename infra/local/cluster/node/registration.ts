import { isAlreadyExists } from '../../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../../shared/model/resources.ts';
import { wholeSeconds } from '../../../../shared/model/time.ts';
import type { LocalClient } from '../client.ts';

export const NODE_NAME = 'local-node';
const KUBELET_VERSION = 'v1.34.0-sidecarset-local';
export const HOST_IP = '127.0.0.1';

const NODES: Resource = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };

interface NodeObject extends KubernetesObject {
  spec: object;
  status: object;
}

const ROOM = { cpu: '64', memory: '256Gi', pods: '1000' };

const nodeObject = (at: string, kubeletPort: number | undefined): NodeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: NODE_NAME, labels: { 'kubernetes.io/hostname': NODE_NAME, 'kubernetes.io/os': 'linux' } },
  spec: {},
  status: {
    capacity: ROOM,
    allocatable: ROOM,
    addresses: [
      { type: 'InternalIP', address: HOST_IP },
      { type: 'Hostname', address: NODE_NAME },
    ],
    ...(kubeletPort !== undefined && { daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } }),
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'containers run as child processes',
        lastHeartbeatTime: at,
        lastTransitionTime: at,
      },
    ],
    nodeInfo: {
      kubeletVersion: KUBELET_VERSION,
      containerRuntimeVersion: 'local://1',
      operatingSystem: 'linux',
      architecture: process.arch,
    },
  },
});

/**
 * Makes the Node object known, Ready from the start; its capacity is not enforced.
 *
 * @param kubeletPort where an API server in another process reaches the node's own endpoint
 */
export const registerNode = async (
  client: LocalClient,
  now: Date,
  kubeletPort: number | undefined,
): Promise<void> => {
  const node = nodeObject(wholeSeconds(now), kubeletPort);
  await client.create(NODES, node).catch((fault: unknown) => {
    if (!isAlreadyExists(fault)) throw fault;
  });
  const { status } = node;
  await client.patch(NODES, node.metadata, { status }, { type: 'merge', subresource: 'status' });
};
