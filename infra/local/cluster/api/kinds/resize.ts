/** `pods/resize`: other amounts of cpu and memory for the containers of a Pod. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { forbiddenField, invalidValue } from '../errors.ts';
import { at, child, copy, equal, isObject, type JsonObject, objectsAt, own, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import { compareQuantities } from '../quantity.ts';
import { podSpecCauses } from './podValidation.ts';
import { qosClass } from './qos.ts';
import { amountsOf } from './resources.ts';

const LISTS = ['containers', 'initContainers'] as const;
const AMOUNTS = ['limits', 'requests'] as const;
const RESIZABLE = ['cpu', 'memory'];

const containersOf = (pod: ApiObject, list: string): JsonObject[] => objectsAt(pod, 'spec', list);
const nameOf = (container: JsonObject): string => textAt(container, 'name') ?? '';
const isRestartable = (container: JsonObject): boolean => textAt(container, 'restartPolicy') === 'Always';

/** The same amount in other words is no change. */
const inOldWords = (container: JsonObject, old: JsonObject): unknown => {
  const resources = copy(own(container, 'resources'));
  for (const list of AMOUNTS)
    for (const [name, before] of Object.entries(amountsOf(old, list))) {
      const amounts = at(resources, list);
      const amount = at(amounts, name);
      if (isObject(amounts) && amount !== undefined && compareQuantities(amount, before) === 0)
        amounts[name] = before;
    }
  return resources;
};

const resized = (container: JsonObject, old: JsonObject): JsonObject => {
  const { resources: _, resizePolicy: _policy, ...rest } = copy(old);
  const resizePolicy = own(container, 'resizePolicy');
  return {
    ...rest,
    resources: inOldWords(container, old),
    ...(resizePolicy !== undefined && { resizePolicy: copy(resizePolicy) }),
  };
};

/** As they came where they are not the same containers in the same order: the rules refuse them. */
const resizedList = (containers: JsonObject[], before: JsonObject[]): JsonObject[] => {
  if (containers.some((container, index) => nameOf(container) !== nameOf(before[index] ?? {})))
    return containers.map(copy);
  return before.map((old, index) => resized(containers[index] ?? {}, old));
};

/** The current Pod with the resources of the proposed one; whose containers can't be paired is left as it is proposed. */
export const withResources = (current: ApiObject, proposed: ApiObject): ApiObject => {
  const pod = copy(current);
  const pairs = LISTS.map(
    (list) => [list, containersOf(proposed, list), containersOf(current, list)] as const,
  );
  const addsOrRemoves = pairs.some(([, containers, before]) => containers.length !== before.length);
  if (addsOrRemoves) return { ...pod, spec: copy(own(proposed, 'spec')) };
  for (const [list, containers, before] of pairs)
    if (before.length > 0) child(pod, 'spec')[list] = resizedList(containers, before);
  return pod;
};

const hasPodResources = (pod: ApiObject): boolean =>
  AMOUNTS.some((list) => Object.keys(amountsOf(child({ ...pod }, 'spec'), list)).length > 0);

/** Pods that can't be resized at all. Kubernetes names no field, which is written so. */
const kindOfPodCauses = (pod: ApiObject, before: ApiObject): StatusCause[] => {
  const refused = (which: string) => [forbiddenField('[]', `${which} cannot be resized`)];
  if (hasPodResources(pod) || hasPodResources(before)) return refused('pods with pod-level resources');
  if (before.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined)
    return refused('static pods');
  return textAt(before, 'spec', 'os', 'name') === 'windows' ? refused('windows pods') : [];
};

const qosCauses = (pod: ApiObject, before: ApiObject): StatusCause[] => {
  const old = textAt(before, 'status', 'qosClass') ?? qosClass(child({ ...before }, 'spec'));
  if (old === qosClass(child({ ...pod }, 'spec'))) return [];
  return [invalidValue('spec', old, 'Pod QOS Class may not change as a result of resizing')];
};

/** A node that can resize tells what its running containers have. */
const nodeCauses = (before: ApiObject): StatusCause[] => {
  const running = objectsAt(before, 'status', 'containerStatuses').find((status) =>
    isObject(at(status, 'state', 'running')),
  );
  if (running === undefined || isObject(own(running, 'resources'))) return [];
  return [forbiddenField('spec', 'Pod running on node without support for resize')];
};

const orderCauses = (pod: ApiObject, before: ApiObject, list: string): StatusCause[] => {
  const [containers, old] = [containersOf(pod, list), containersOf(before, list)];
  if (containers.length !== old.length)
    return [forbiddenField(`spec.${list}`, `${list} may not be added or removed on resize`)];
  return old.flatMap((container, index) =>
    nameOf(containers[index] ?? {}) === nameOf(container)
      ? []
      : [forbiddenField(`spec.${list}[${index}].name`, `${list} may not be renamed or reordered on resize`)],
  );
};

interface Pair {
  container: JsonObject;
  old: JsonObject;
  field: string;
}

const pairsOf = (pod: ApiObject, before: ApiObject, list: string): Pair[] =>
  containersOf(before, list).map((old, index) => ({
    container: containersOf(pod, list)[index] ?? {},
    old,
    field: `spec.${list}[${index}].resources`,
  }));

const removalCauses = ({ container, old, field }: Pair): StatusCause[] =>
  (['requests', 'limits'] as const).flatMap((list) => {
    const amounts = amountsOf(container, list);
    const isRemoved = Object.keys(amountsOf(old, list)).some((name) => own(amounts, name) === undefined);
    return isRemoved ? [forbiddenField(`${field}.${list}`, `resource ${list} cannot be removed`)] : [];
  });

const isResizable = ([name]: [string, unknown]): boolean => RESIZABLE.includes(name);

/** With the old cpu and memory. Where there was no list at all, whatever is in the new one may be, as in Kubernetes. */
const fixedAmounts = ({ container, old }: Pair): JsonObject => {
  const lists = AMOUNTS.flatMap((list) => {
    const before = Object.entries(amountsOf(old, list));
    if (before.length === 0) return [];
    const others = Object.entries(amountsOf(container, list)).filter((entry) => !isResizable(entry));
    return [[list, Object.fromEntries([...others, ...before.filter(isResizable)])] as const];
  });
  return Object.fromEntries(lists);
};

const changesMore = (pair: Pair): boolean =>
  !equal({ ...pair.container, resources: fixedAmounts(pair) }, pair.old);

const mainCauses = (pair: Pair): StatusCause[] =>
  changesMore(pair) ? [forbiddenField('spec', 'only cpu and memory resources are mutable')] : [];

const initCauses = (pair: Pair): StatusCause[] => {
  if (!isRestartable(pair.container))
    return equal(pair.container, pair.old)
      ? []
      : [forbiddenField('spec', 'resources for non-sidecar init containers are immutable')];
  return changesMore(pair)
    ? [forbiddenField('spec', 'only cpu and memory resources for sidecar containers are mutable')]
    : [];
};

/** The rules of an update of pods/resize (`ValidatePodResize`). */
export const resizeCauses = (pod: ApiObject, before: ApiObject): StatusCause[] => {
  const never = kindOfPodCauses(pod, before);
  if (never.length > 0) return never;
  const first = [
    ...podSpecCauses(child({ ...pod }, 'spec'), 'spec'),
    ...qosCauses(pod, before),
    ...nodeCauses(before),
  ];
  const order = LISTS.flatMap((list) => orderCauses(pod, before, list));
  if (order.length > 0) return [...first, ...order];
  const [mains, inits] = LISTS.map((list) => pairsOf(pod, before, list)) as [Pair[], Pair[]];
  return [
    ...first,
    ...[...inits.filter(({ old }) => isRestartable(old)), ...mains].flatMap(removalCauses),
    ...mains.flatMap(mainCauses),
    ...inits.flatMap(initCauses),
  ];
};
