/** The launch barrier: a container waits for its own start level's key in the ConfigMap of the Pod. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { ENV_BARRIER } from '../../model/names.ts';

export interface Barrier {
  container: string;
  /** Higher starts first. */
  priority: number;
  /** Key in the ConfigMap; the container starts when it is there. */
  key: string;
}

/** Name of the ConfigMap whose keys open the start levels. */
export const barrierName = (podName: string): string => `${podName}-barrier`;

export const barrierKey = (priority: number): string => `p_${priority}`;

const KEY = /^p_(0|-?[1-9][0-9]*)$/;

const barrierOf = (container: Container, configMap: string): Barrier[] => {
  const reference = container.env?.findLast(({ name }) => name === ENV_BARRIER)?.valueFrom?.configMapKeyRef;
  const priority = Number(KEY.exec(reference?.key ?? '')?.[1]);
  if (reference?.name !== configMap || !Number.isSafeInteger(priority)) return [];
  return [{ container: container.name, priority, key: reference.key }];
};

/**
 * The barriers of a Pod's containers. A barrier variable that does not name a level of this Pod's own ConfigMap was
 * not made by the injection: it is left to whoever wrote it (OpenKruise crashes on some, and reads others as level 0).
 */
export const barriers = (pod: Pod): Barrier[] => {
  const configMap = barrierName(pod.metadata.name);
  return pod.spec.containers.flatMap((container) => barrierOf(container, configMap));
};
