/** Jobs whose sidecars end in one of the ways. */
import type { Container, KubernetesObject } from '../../shared/model/kubernetes.ts';
import { ENV_IGNORE_EXIT_CODE, ENV_TERMINATE, ENV_TERMINATE_WITH_IMAGE } from '../../shared/model/names.ts';

export const NAMESPACE = 'default';
export const MAIN = 'main';
export const SIDE = 'side';

/** `native`: the kubelet ends it, none of our functions does anything. */
export const WAYS = ['exec', 'image', 'phase', 'native'] as const;
export type Way = (typeof WAYS)[number];

const ENVIRONMENT: Record<Way, Record<string, string>> = {
  exec: { [ENV_TERMINATE]: 'true' },
  image: { [ENV_TERMINATE_WITH_IMAGE]: 'sidecarset-exit:bench' },
  phase: { [ENV_TERMINATE]: 'true', [ENV_IGNORE_EXIT_CODE]: 'true' },
  native: {},
};

/** Ends 0 at once on SIGTERM. */
const SIDECAR = "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done";

const container = (name: string, script: string): Container => ({
  name,
  image: 'local/busybox',
  command: ['/bin/sh', '-c', script],
});

/** @param seconds that the main container runs */
export const jobOf = (way: Way, name: string, seconds: number): KubernetesObject & { spec: object } => {
  const env = Object.entries(ENVIRONMENT[way]).map(([key, value]) => ({ name: key, value }));
  const main = container(MAIN, `sleep ${seconds}`);
  const side = { ...container(SIDE, SIDECAR), env };
  const spec =
    way === 'native'
      ? { initContainers: [{ ...side, restartPolicy: 'Always' }], containers: [main] }
      : { containers: [main, side] };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: NAMESPACE },
    spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', ...spec } } },
  };
};
