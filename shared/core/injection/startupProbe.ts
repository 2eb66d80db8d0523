import type { Container } from '../../model/kubernetes.ts';

/** The most that Kubernetes lets a probe fail. */
const NEVER = 2_147_483_647;

/**
 * The native sidecar such that what comes after it starts when it is ready. The kubelet goes on to the next init
 * container when a restartable one is `started`: its startupProbe has succeeded, or it has none and runs. So one with a
 * readinessProbe only gets that as its startupProbe too, which never gives up: readiness has killed no container. A
 * startupProbe of its own is left as it is.
 */
export const startedWhenReady = (container: Container): Container =>
  container.readinessProbe === undefined || container.startupProbe !== undefined
    ? container
    : {
        ...container,
        startupProbe: { ...container.readinessProbe, successThreshold: 1, failureThreshold: NEVER },
      };
