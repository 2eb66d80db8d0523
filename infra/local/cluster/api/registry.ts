/** What is served now. */
import { BUILTIN } from './builtin.ts';
import { customTypes } from './customResources.ts';
import { textAt } from './json.ts';
import { keyOf } from './objects.ts';
import { type ResourceType, sectionOf } from './resourceType.ts';
import type { Store } from './store.ts';

export const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';

export interface Registry {
  all(): readonly ResourceType[];
  find(place: { group: string; version: string; plural: string }): ResourceType | undefined;
  /** Every served version of the same resource. */
  versions(type: ResourceType): ResourceType[];
}

/** Follows the CustomResourceDefinitions in the store; what a removed one defined goes with it. */
export const createRegistry = (store: Store): Registry => {
  let types: readonly ResourceType[] = BUILTIN;
  store.subscribe(({ section, before, after }) => {
    if (section !== DEFINITIONS) return;
    types = [...BUILTIN, ...store.list(DEFINITIONS).flatMap(customTypes)];
    if (!before || after) return;
    const gone = sectionOf({
      group: textAt(before, 'spec', 'group') ?? '',
      plural: textAt(before, 'spec', 'names', 'plural') ?? '',
    });
    for (const { metadata } of store.list(gone)) store.remove(gone, keyOf(metadata.namespace, metadata.name));
  });
  return {
    all: () => types,
    find: ({ group, version, plural }) =>
      types.find((type) => type.plural === plural && type.group === group && type.version === version),
    versions: (type) => types.filter((other) => sectionOf(other) === sectionOf(type)),
  };
};
