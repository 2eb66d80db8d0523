/** The launch barrier: a container waits for its own start level's key in the ConfigMap of the Pod. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { ENV_BARRIER } from '../../model/names.ts';

export interface Barrier {
  container: string;
  /** Higher starts first. */
  priority: number;
  /** Key in the ConfigMap; the container starts when it is there. */
  key: string;
  /** Name of that ConfigMap. */
  configMap: string;
}

/**
 * Name of the ConfigMap whose keys open the start levels.
 *
 * @param admission random text, for a Pod that may have had a namesake: without it the name is OpenKruise's
 */
export const barrierName = (podName: string, admission = ''): string =>
  `${podName}-barrier${admission && `-${admission}`}`;

export const barrierKey = (priority: number): string => `p_${priority}`;

const KEY = /^p_(0|-?[1-9][0-9]*)$/;

const isOwn = (configMap: string, podName: string): boolean =>
  configMap === barrierName(podName) || configMap.startsWith(`${barrierName(podName)}-`);

const barrierOf = (container: Container, podName: string): Barrier[] => {
  const reference = container.env?.findLast(({ name }) => name === ENV_BARRIER)?.valueFrom?.configMapKeyRef;
  const priority = Number(KEY.exec(reference?.key ?? '')?.[1]);
  if (reference === undefined || !isOwn(reference.name, podName) || !Number.isSafeInteger(priority))
    return [];
  return [{ container: container.name, priority, key: reference.key, configMap: reference.name }];
};

/**
 * The barriers of a Pod's containers, all in one ConfigMap. A barrier variable that does not name a level of this Pod's
 * own ConfigMap was not made by the injection: it is left to whoever wrote it (OpenKruise crashes on some, and reads
 * others as level 0).
 */
export const barriers = (pod: Pod): Barrier[] => {
  const all = pod.spec.containers.flatMap((container) => barrierOf(container, pod.metadata.name));
  return all.filter(({ configMap }) => configMap === all[0]?.configMap);
};
