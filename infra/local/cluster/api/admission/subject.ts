/** What a webhook or a policy is shown of a request. */
import type { Converter } from '../conversion/converter.ts';
import type { ApiObject } from '../objects.ts';
import type { ResourceType } from '../resourceType.ts';
import type { Attributes } from './attributes.ts';

/** Object and old object in the version that is wanted. */
export interface Subject {
  type: ResourceType;
  object: ApiObject | undefined;
  oldObject: ApiObject | undefined;
}

/** A Binding, or options, are no version of the Pod that their path names. */
export const createSubject = (converter: Converter) => {
  const inVersion = async (object: ApiObject | undefined, type: ResourceType) =>
    object?.kind === type.kind ? converter.convert(object, type) : object;

  return async (
    type: ResourceType,
    { oldObject }: Attributes,
    object: ApiObject | undefined,
  ): Promise<Subject> => ({
    type,
    object: await inVersion(object, type),
    oldObject: await inVersion(oldObject, type),
  });
};
