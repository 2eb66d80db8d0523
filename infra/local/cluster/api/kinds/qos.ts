import { at, isObject, type JsonObject, objectsAt } from '../json.ts';

type Class = 'Guaranteed' | 'Burstable' | 'BestEffort';

const amounts = (container: JsonObject, list: string): [string, unknown][] => {
  const found = at(container, 'resources', list);
  if (!isObject(found)) return [];
  return Object.entries(found).filter(([name]) => name === 'cpu' || name === 'memory');
};

/** Amounts are compared as they are written: `1` and `1000m` count as different, which makes a pod Burstable. */
const isGuaranteed = (container: JsonObject): boolean => {
  const limits = amounts(container, 'limits');
  return (
    limits.length === 2 &&
    limits.every(([name, amount]) => at(container, 'resources', 'requests', name) === amount)
  );
};

/** The quality of service of a pod, from all its containers (`qos.ComputePodQOS`). */
export const qosClass = (spec: JsonObject): Class => {
  const containers = [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')];
  const asks = containers.some(
    (container) => amounts(container, 'limits').length + amounts(container, 'requests').length > 0,
  );
  if (!asks) return 'BestEffort';
  return containers.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
};
