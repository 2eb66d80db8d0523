/** The subresources by which a part of a Pod's spec is written, and nothing else of the Pod. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import type { ApiObject } from '../objects.ts';
import { ephemeralContainerCauses, withEphemeralContainers } from './ephemeralContainers.ts';
import { resizeCauses, withResources } from './resize.ts';

interface Part {
  /** The current Pod with that part of the proposed one. */
  taken(current: ApiObject, proposed: ApiObject): ApiObject;
  causes(pod: ApiObject, before: ApiObject): StatusCause[];
}

const PARTS: ReadonlyMap<string, Part> = new Map([
  ['ephemeralcontainers', { taken: withEphemeralContainers, causes: ephemeralContainerCauses }],
  ['resize', { taken: withResources, causes: resizeCauses }],
]);

export const partOf = (subresource: string | undefined): Part | undefined => PARTS.get(subresource ?? '');
