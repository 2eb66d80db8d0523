import { type JsonObject, objectsAt, own } from '../json.ts';
import { compareQuantities } from '../quantity.ts';
import { amountsOf } from './resources.ts';

type Class = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** An amount of nothing is not asked for. */
const amounts = (container: JsonObject, list: 'limits' | 'requests'): [string, unknown][] =>
  Object.entries(amountsOf(container, list)).filter(
    ([name, amount]) => (name === 'cpu' || name === 'memory') && compareQuantities(amount, 0) > 0,
  );

const isGuaranteed = (container: JsonObject): boolean => {
  const limits = amounts(container, 'limits');
  const requests = amountsOf(container, 'requests');
  return (
    limits.length === 2 &&
    limits.every(([name, amount]) => compareQuantities(own(requests, name), amount) === 0)
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
