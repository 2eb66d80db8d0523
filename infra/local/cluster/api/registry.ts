/** What is served now. */
import { BUILTIN } from './builtin.ts';
import { customTypes } from './customResources.ts';
import { isEstablished } from './definitions/conditions.ts';
import { DEFINITIONS } from './definitions/section.ts';
import { type ResourceType, sectionOf } from './resourceType.ts';
import type { Store } from './store.ts';

export interface Registry {
  all(): readonly ResourceType[];
  find(place: { group: string; version: string; plural: string }): ResourceType | undefined;
  /** Every served version of the same resource. */
  versions(type: ResourceType): ResourceType[];
}

/** Follows the established CustomResourceDefinitions in the store. */
export const createRegistry = (store: Store): Registry => {
  let types: readonly ResourceType[] = BUILTIN;
  store.subscribe(({ section }) => {
    if (section === DEFINITIONS)
      types = [...BUILTIN, ...store.list(DEFINITIONS).filter(isEstablished).flatMap(customTypes)];
  });
  return {
    all: () => types,
    find: ({ group, version, plural }) =>
      types.find((type) => type.plural === plural && type.group === group && type.version === version),
    versions: (type) => types.filter((other) => sectionOf(other) === sectionOf(type)),
  };
};
