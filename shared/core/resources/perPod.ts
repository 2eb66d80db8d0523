import type { Pod } from '../../model/kubernetes.ts';

/** Remembers what was read from a Pod as long as that object lives: a plan asks each of ten thousand many questions. */
export const perPod = <T>(read: (pod: Pod) => T): ((pod: Pod) => T) => {
  const known = new WeakMap<Pod, { value: T }>();
  return (pod) => {
    const found = known.get(pod) ?? { value: read(pod) };
    known.set(pod, found);
    return found.value;
  };
};
