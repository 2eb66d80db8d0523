/** What a kind makes of an update, and what it refuses (`rest.BeforeUpdate`). */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { type Call, nameOf } from '../call.ts';
import { forbiddenField, invalid } from '../errors.ts';
import { equal } from '../json.ts';
import { metadataCauses } from '../kinds/metadata.ts';
import { partOf } from '../kinds/podParts.ts';
import { type ApiObject, desired } from '../objects.ts';
import { hasStatus, type ResourceType } from '../resourceType.ts';

const finalizerCauses = (object: ApiObject, current: ApiObject) => {
  if (current.metadata.deletionTimestamp === undefined) return [];
  const known = current.metadata.finalizers ?? [];
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !known.includes(finalizer));
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`;
  return added.length === 0 ? [] : [forbiddenField('metadata.finalizers', why)];
};

const raiseGeneration = (type: ResourceType, object: ApiObject, current: ApiObject): void => {
  if (!type.rules.generation) return;
  const withStatusToo = type.custom && !hasStatus(type);
  const same = equal(desired(object, withStatusToo), desired(current, withStatusToo));
  object.metadata.generation = (current.metadata.generation ?? 1) + (same ? 0 : 1);
};

/** Throws a 422 if there is a cause. */
export const refuse = (call: Call, causes: StatusCause[]): void => {
  if (causes.length > 0) throw invalid(call.type, nameOf(call), causes);
};

/** Changes the object: its generation, and what the kind sets itself. Throws a 422 with all causes. */
export const prepare = (call: Call, object: ApiObject, current: ApiObject): void => {
  const { rules } = call.type;
  if (call.subresource === 'status') {
    refuse(call, rules.validateStatus?.(object, current) ?? []);
    return;
  }
  rules.prepareUpdate?.(object, current);
  raiseGeneration(call.type, object, current);
  const part = partOf(call.subresource);
  refuse(
    call,
    part?.causes(object, current) ?? [
      ...metadataCauses(object),
      ...finalizerCauses(object, current),
      ...(rules.validate?.(object) ?? []),
      ...(rules.validateUpdate?.(object, current) ?? []),
    ],
  );
  call.warnings.push(...(rules.warnings?.(object) ?? []));
};
