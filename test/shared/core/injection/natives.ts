/** SidecarSets that want native sidecars, and what becomes of them. */
import { injectPod } from '../../../../shared/core/injection/inject.ts';
import type { Platform } from '../../../../shared/core/injection/native.ts';
import type { Container, Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarContainer, SidecarSet } from '../../../../shared/model/sidecarset.ts';
import { marked } from '../../../support/fleet.ts';
import { CONTEXT, podOf, prioritized, setOf } from './pods.ts';

export const STRATEGY = 'serverless.sidecarset.io/strategy';
const KUBERNETES_1_34 = { major: 1, minor: 34 };
export const NATIVE: Platform = { strategy: 'native', serverVersion: KUBERNETES_1_34 };
export const COMPATIBLE: Platform = { strategy: 'compatible', serverVersion: KUBERNETES_1_34 };
export const AFTER = { podInjectPolicy: 'AfterAppContainer' } as const;
/** What makes a Pod start its containers in the order of its list. */
export const ORDERED = { annotations: { 'apps.kruise.io/container-launch-priority': 'Ordered' } };

export const orderedPod = (): Pod => podOf({}, { labels: { app: 'web' }, ...ORDERED });

export const sidecar = (
  name: string,
  priority?: string,
  more: Partial<SidecarContainer> = {},
): SidecarContainer => ({
  ...(priority === undefined ? { name } : prioritized(name, priority)),
  image: `${name}:1`,
  ...more,
});

/** SidecarSet `logs`. */
export const bringing = (...containers: SidecarContainer[]): SidecarSet => setOf('logs', { containers });

export const saying = (word: string, set: SidecarSet): SidecarSet => marked(set, { [STRATEGY]: word });

export const inject = (pod: Pod, sets: SidecarSet[], platform: Platform = NATIVE) =>
  injectPod(pod, sets, { ...CONTEXT, platform });

/** Fails unless something is injected. */
export const injected = (pod: Pod, sets: SidecarSet[], platform: Platform = NATIVE) => {
  const injection = inject(pod, sets, platform);
  if (injection.kind !== 'injected') throw new Error(JSON.stringify(injection));
  return injection;
};

export const names = (containers: Container[] = []): string[] => containers.map(({ name }) => name);

/** Names of the init containers, of the containers, and what was said. */
export const lists = (...parameters: Parameters<typeof injected>) => {
  const { pod, warnings } = injected(...parameters);
  return { init: names(pod.spec.initContainers), plain: names(pod.spec.containers), warnings };
};
