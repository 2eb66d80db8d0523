/** Pods with start levels, written as the injection would have written them. */
import { randomUUID } from 'node:crypto';
import { injectPod } from '../../shared/core/injection/inject.ts';
import { withDefaults } from '../../shared/core/validation/defaults.ts';
import { sha256Hex } from '../../shared/io/digest.ts';
import type { Container, Pod } from '../../shared/model/kubernetes.ts';
import { ENV_PRIORITY } from '../../shared/model/names.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

export const NAMESPACE = 'default';

const repeat = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const environment = (prefix: string) =>
  repeat(4, (index) => ({ name: `${prefix}_SETTING_${index}`, value: `https://service-${index}.internal` }));

const sidecar = (priority: number): Container => ({
  name: `agent-${priority}`,
  image: 'registry.internal/agent:2026.3.1',
  env: [{ name: ENV_PRIORITY, value: String(priority) }, ...environment('AGENT')],
  volumeMounts: [{ name: 'buffer', mountPath: '/var/lib/agent' }],
});

/** Brings a sidecar for each level above that of the main container. */
const setOf = (levels: number): SidecarSet =>
  withDefaults(
    {
      apiVersion: 'apps.kruise.io/v1beta1',
      kind: 'SidecarSet',
      metadata: { name: 'agents' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        containers: repeat(levels - 1, (index) => sidecar(100 * (levels - 1 - index))),
        volumes: [{ name: 'buffer', emptyDir: {} }],
      },
    },
    sha256Hex,
  );

const bare = (generateName: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: '', generateName, namespace: NAMESPACE, labels: { app: 'web', team: 'storefront' } },
  spec: {
    // Pods that are bound need no scheduler.
    nodeName: 'node-0',
    restartPolicy: 'Always',
    containers: [
      {
        name: 'main',
        image: 'registry.internal/storefront/web:2026.3.1',
        env: environment('WEB'),
        resources: { limits: { memory: '1Gi' }, requests: { cpu: '250m', memory: '512Mi' } },
      },
    ],
  },
});

/** A Pod that is not there yet, of `levels` start levels. */
export const podOf = (generateName: string, levels: number): Pod => {
  const result = injectPod(bare(generateName), [setOf(levels)], {
    namespace: NAMESPACE,
    namespaceLabels: {},
    revisions: [],
    requestUid: randomUUID(),
    now: new Date(),
    random: Math.random,
    digest: sha256Hex,
    compileRegex: () => undefined,
  });
  if (result.kind !== 'injected') throw new Error(`the Pod is not injected: ${JSON.stringify(result)}`);
  return result.pod;
};
