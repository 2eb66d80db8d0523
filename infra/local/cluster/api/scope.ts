/** Which objects of a section a list, watch or deletecollection is about. */
import type { Call } from './call.ts';
import { badRequest } from './errors.ts';
import type { ApiObject } from './objects.ts';
import { apiVersionOf, type ResourceType } from './resourceType.ts';
import { parseFieldSelector } from './selectors/fields.ts';
import { parseLabelSelector } from './selectors/labels.ts';
import { ApiError } from './types.ts';

const unfound = (type: ResourceType, labels: string, fields: string, error: unknown): unknown => {
  if (!(error instanceof ApiError)) return error;
  const resource = `${apiVersionOf(type).includes('/') ? '' : '/'}${apiVersionOf(type)}, Resource=${type.plural}`;
  return badRequest(
    `Unable to find "${resource}" that match label selector "${labels}", field selector "${fields}": ${error.message}`,
  );
};

const fieldCondition = (call: Call, labels: string): ((object: ApiObject) => boolean) => {
  const fields = call.query.get('fieldSelector') ?? '';
  try {
    return parseFieldSelector(fields, call.type);
  } catch (error) {
    throw unfound(call.type, labels, fields, error);
  }
};

/** By namespace, name in the path and selectors. Throws a 400 on a selector that can't be read. */
export const inScope = (call: Call): ((object: ApiObject) => boolean) => {
  const labels = call.query.get('labelSelector') ?? '';
  const byLabel = parseLabelSelector(labels);
  const byField = fieldCondition(call, labels);
  return (object) =>
    (call.namespace === undefined || object.metadata.namespace === call.namespace) &&
    (call.name === undefined || object.metadata.name === call.name) &&
    byLabel(object) &&
    byField(object);
};

export const hasSelector = (call: Call): boolean =>
  Boolean(call.query.get('labelSelector') || call.query.get('fieldSelector'));
