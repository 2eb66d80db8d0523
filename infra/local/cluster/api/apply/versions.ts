/** An object in each version in which managers own its fields. */
import type { Core } from '../core.ts';
import type { ApiObject } from '../objects.ts';
import { apiVersionOf, type ResourceType } from '../resourceType.ts';
import { typeOf } from '../schema/typeOf.ts';
import { withStructs } from './blank.ts';
import type { Comparison } from './compare.ts';
import type { Owner } from './managed.ts';
import { compareChange } from './ownership.ts';
import type { Versions } from './prune.ts';
import { resetFields } from './reset.ts';

const servedAs = (core: Core, type: ResourceType, apiVersion: string): ResourceType | undefined =>
  core.registry.versions(type).find((served) => apiVersionOf(served) === apiVersion);

export const versionsOf = (core: Core, resource: ResourceType): Versions => ({
  type(apiVersion) {
    const served = servedAs(core, resource, apiVersion);
    return served && typeOf(served);
  },
  async convert(object, apiVersion) {
    const served = servedAs(core, resource, apiVersion);
    return served ? core.converter.convert(object, served) : object;
  },
});

interface Compared {
  resource: ResourceType;
  subresource: string | undefined;
  before: ApiObject;
  owners: readonly Owner[];
}

/** Compares two objects in the version of the request and in those of the owners. */
export const compareInVersions = async (
  core: Core,
  { resource, subresource, before, owners }: Compared,
  after: ApiObject,
): Promise<(apiVersion: string) => Comparison | undefined> => {
  const comparisons = new Map<string, Comparison>();
  for (const apiVersion of new Set([apiVersionOf(resource), ...owners.map((owner) => owner.apiVersion)])) {
    const served = servedAs(core, resource, apiVersion);
    if (!served) continue;
    const [left, right] = await Promise.all(
      [before, after].map((object) => core.converter.convert(object, served)),
    );
    comparisons.set(
      apiVersion,
      compareChange({
        type: typeOf(served),
        before: withStructs(served, left ?? before),
        after: withStructs(served, right ?? after),
        reset: resetFields(served, subresource),
      }),
    );
  }
  return (apiVersion) => comparisons.get(apiVersion);
};
