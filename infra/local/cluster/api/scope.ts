/** Which objects of a section a list, watch or deletecollection is about. */
import type { Call } from './call.ts';
import type { ApiObject } from './objects.ts';
import { parseFieldSelector } from './selectors/fields.ts';
import { parseLabelSelector } from './selectors/labels.ts';

/** By namespace, name in the path and selectors. Throws a 400 on a selector that can't be read. */
export const inScope = (call: Call): ((object: ApiObject) => boolean) => {
  const byLabel = parseLabelSelector(call.query.get('labelSelector') ?? '');
  const byField = parseFieldSelector(call.query.get('fieldSelector') ?? '', call.type);
  return (object) =>
    (call.namespace === undefined || object.metadata.namespace === call.namespace) &&
    (call.name === undefined || object.metadata.name === call.name) &&
    byLabel(object) &&
    byField(object);
};

export const hasSelector = (call: Call): boolean =>
  Boolean(call.query.get('labelSelector') || call.query.get('fieldSelector'));
