/** Containers that can't stand in one Pod: the API server would refuse the Pod with a riddle for its owner. */
import type { Pod, StatusCause } from '../../model/kubernetes.ts';
import { ENV_INJECTED } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { switchedOn } from '../resources/pod.ts';
import { invalid } from '../validation/cause.ts';

type List = 'containers' | 'initContainers';

const named = (sets: SidecarSet[], list: List): { set: string; name: string }[] =>
  sets.flatMap(({ metadata, spec }) => (spec[list] ?? []).map(({ name }) => ({ set: metadata.name, name })));

const broughtTwice = (sets: SidecarSet[], list: List): StatusCause[] => {
  const all = named(sets, list);
  const names = new Set(all.map(({ name }) => name));
  return [...names].flatMap((name) => {
    const bringing = all.filter((each) => each.name === name).map(({ set }) => set);
    return bringing.length > 1
      ? [invalid(`spec.${list}`, `${name} is brought by SidecarSets ${bringing.join(', ')}`)]
      : [];
  });
};

const other: Record<List, List> = { containers: 'initContainers', initContainers: 'containers' };

/** A container of the Pod is replaced by one of its name in the same list; in the other list the name is taken. */
const takenInPod = (pod: Pod, { metadata, spec }: SidecarSet, list: List): StatusCause[] => {
  const own = (pod.spec[other[list]] ?? []).filter((container) => !switchedOn(container, ENV_INJECTED));
  const taken = new Set(own.map(({ name }) => name));
  return (spec[list] ?? [])
    .filter(({ name }) => taken.has(name))
    .map(({ name }) =>
      invalid(
        `spec.${other[list]}`,
        `${name} has the name of one of the ${list} of SidecarSet ${metadata.name}`,
      ),
    );
};

const LISTS: readonly List[] = ['initContainers', 'containers'];

/** Every name that more than one of the sets brings, or that the Pod has among containers of the other sort. */
export const clashes = (pod: Pod, sets: SidecarSet[]): StatusCause[] =>
  LISTS.flatMap((list) => [
    ...broughtTwice(sets, list),
    ...sets.flatMap((set) => takenInPod(pod, set, list)),
  ]);
