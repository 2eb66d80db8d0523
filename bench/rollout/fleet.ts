/** The SidecarSet `logs` and the Pods that carry it, written as the webhooks and the injection would have written them. */
import { randomUUID } from 'node:crypto';
import { injectPod } from '../../shared/core/injection/inject.ts';
import { withDefaults } from '../../shared/core/validation/defaults.ts';
import { sha256Hex } from '../../shared/io/digest.ts';
import { type Cluster, isAlreadyExists } from '../../shared/io/ports.ts';
import type { EnvVar, Pod } from '../../shared/model/kubernetes.ts';
import { PODS, SIDECARSETS } from '../../shared/model/resources.ts';
import type { IntOrString, SidecarSet } from '../../shared/model/sidecarset.ts';
import { createLanes, patiently } from '../support/patience.ts';

export const NAMESPACE = 'default';
export const SET = 'logs';
export const AGENT = 'agent';

const CONNECTIONS = 24;
const PODS_PER_NODE = 50;
const SELECTED = { app: 'web' };

const repeat = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const environment = (count: number, prefix: string): EnvVar[] =>
  repeat(count, (index) => ({
    name: `${prefix}_SETTING_${index}`,
    value: `https://service-${index}.internal`,
  }));

/** The SidecarSet with `agent:<tag>`, as the webhook stores it. */
export const makeSet = (tag: string, maxUnavailable: IntOrString): SidecarSet =>
  withDefaults(
    {
      apiVersion: 'apps.kruise.io/v1beta1',
      kind: 'SidecarSet',
      metadata: { name: SET },
      spec: {
        selector: { matchLabels: SELECTED },
        containers: [
          {
            name: AGENT,
            image: `${AGENT}:${tag}`,
            env: environment(1, 'AGENT'),
            resources: { limits: { memory: '256Mi' } },
            volumeMounts: [{ name: 'buffer', mountPath: '/var/lib/agent' }],
            shareVolumePolicy: { type: 'enabled' },
          },
        ],
        volumes: [{ name: 'buffer', emptyDir: {} }],
        updateStrategy: { maxUnavailable },
      },
    },
    sha256Hex,
  );

/** The one write that starts a rollout: the new image with the hashes that the webhook adds. */
export const upgradeSet = (admin: Cluster, tag: string, maxUnavailable: IntOrString): Promise<SidecarSet> => {
  const { metadata, spec } = makeSet(tag, maxUnavailable);
  const patch = { metadata: { annotations: metadata.annotations }, spec: { containers: spec.containers } };
  return admin.patch<SidecarSet>(SIDECARSETS, { name: SET }, patch, { type: 'merge' });
};

/** What a ReplicaSet writes. */
const bare = (index: number): Pod => {
  const hash = '7c9d8b6f5d';
  const name = `web-${hash}-${String(index).padStart(5, '0')}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: NAMESPACE,
      labels: { ...SELECTED, 'pod-template-hash': hash, team: 'storefront', tier: 'frontend' },
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `web-${hash}`,
          uid: '5e0b7a6c-6a55-4a53-9d4e-1f3f3a5f0b11',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      // Pods that are bound need no scheduler.
      nodeName: `node-${Math.floor(index / PODS_PER_NODE)}`,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name: 'main',
          image: 'registry.internal/storefront/web:2026.3.1',
          args: ['--listen=:8080', '--config=/etc/web/config.yaml'],
          env: environment(3, 'WEB'),
          resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '250m', memory: '512Mi' } },
          volumeMounts: [{ name: 'config', mountPath: '/etc/web', readOnly: true }],
        },
      ],
      volumes: [{ name: 'config', configMap: { name: 'web' } }],
    },
  };
};

const injected = (pod: Pod, set: SidecarSet): Pod => {
  const result = injectPod(pod, [set], {
    namespace: NAMESPACE,
    namespaceLabels: {},
    revisions: [],
    requestUid: randomUUID(),
    now: new Date(),
    random: Math.random,
    digest: sha256Hex,
    compileRegex: () => undefined,
  });
  if (result.kind !== 'injected') throw new Error(`the Pods are not injected: ${JSON.stringify(result)}`);
  return result.pod;
};

/** Creates the Pods with what `set`, as it is stored, injects. */
export const createPods = async (
  admin: Cluster,
  set: SidecarSet,
  count: number,
  signal: AbortSignal,
): Promise<void> => {
  const inLane = createLanes(CONNECTIONS);
  const create = (index: number) => {
    const pod = injected(bare(index), set);
    return patiently(() => admin.create(PODS, pod), signal).catch((fault: unknown) => {
      // The answer to an earlier try was lost.
      if (!isAlreadyExists(fault)) throw fault;
    });
  };
  await Promise.all(repeat(count, (index) => inLane(() => create(index))));
};
