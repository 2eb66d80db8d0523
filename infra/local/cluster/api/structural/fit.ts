/** A custom resource as its schema wants it: on the way in, on the way out of the store, after a conversion. */
import { copy, type JsonObject } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import { dropNulls, fillIn } from './defaults.ts';
import { pruneEmbedded } from './embedded.ts';
import { prune } from './prune.ts';
import type { Schema } from './schema.ts';

/** Changes the object; returns the paths of the fields that it dropped. */
export const shape = (object: JsonObject, schema: Schema): string[] => {
  const unknown = prune(object, schema);
  dropNulls(object, schema);
  return [...unknown, ...pruneEmbedded(object, schema)];
};

/** Changes the object: defaults first, so that they do not bring back what was dropped. */
export const fillAndShape = (object: JsonObject, schema: Schema): string[] => {
  fillIn(object, schema);
  return shape(object, schema);
};

/** As it is stored. What webhooks added is pruned only now, after the validating ones have seen it. */
export const kept = (schema: Schema | undefined, object: ApiObject): ApiObject => {
  if (!schema) return object;
  const result = copy(object);
  shape(result, schema);
  return result;
};
