import type { InjectionContext } from '../../../../shared/core/injection/inject.ts';
import { withDefaults } from '../../../../shared/core/validation/defaults.ts';
import { sha256Hex } from '../../../../shared/io/digest.ts';
import type { Container, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';

const SELECTOR = { matchLabels: { app: 'web' } };

/** A stored SidecarSet that selects {@link podOf}'s Pods; brings one container of its own name. */
export const setOf = (name: string, spec: SidecarSetSpec = {}): SidecarSet =>
  withDefaults(
    { metadata: { name }, spec: { selector: SELECTOR, containers: [{ name, image: `${name}:1` }], ...spec } },
    sha256Hex,
  );

export const podOf = (spec: Partial<PodSpec> = {}, metadata: Partial<Pod['metadata']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'pod', labels: { app: 'web' }, ...metadata },
  spec: { containers: [{ name: 'main', image: 'main:1' }], restartPolicy: 'Always', ...spec },
});

export const prioritized = (name: string, value?: string): Container => ({
  name,
  env: [{ name: 'KRUISE_CONTAINER_PRIORITY', value }],
});

export const CONTEXT: InjectionContext = {
  namespace: 'default',
  namespaceLabels: { 'kubernetes.io/metadata.name': 'default', team: 'x' },
  revisions: [],
  requestUid: 'review-1',
  now: new Date('2026-11-23T05:46:47.900Z'),
  random: () => 0,
  digest: sha256Hex,
  compileRegex: (pattern) => (name) => new RegExp(pattern).test(name),
};
