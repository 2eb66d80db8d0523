/** The rules of a custom resource, by the schema of the version that a request is in. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { own } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';
import { embeddedCauses } from './embedded.ts';
import { listCauses } from './lists.ts';
import { propertyOf, type Schema } from './schema.ts';
import { schemaCauses } from './validation/validate.ts';

/** Lists that were no maps or sets before need not become ones. */
const ratchetedLists = (object: ApiObject, old: ApiObject, schema: Schema): StatusCause[] =>
  listCauses(old, schema).length > 0 ? [] : listCauses(object, schema);

const statusCauses = (object: ApiObject, old: ApiObject, schema: Schema): StatusCause[] => {
  const status = own(object, 'status');
  const statusSchema = propertyOf(schema, 'status');
  if (status === undefined || !statusSchema) return [];
  return schemaCauses(status, statusSchema, { previous: own(old, 'status'), prefix: 'status' });
};

export const customRules = (schema: Schema): KindRules => ({
  generation: true,
  unconditionalUpdate: false,
  validateCreate: (object) => [
    ...schemaCauses(object, schema),
    ...embeddedCauses(object, schema),
    ...listCauses(object, schema),
  ],
  validateUpdate: (object, old) => [
    ...schemaCauses(object, schema, { previous: old }),
    ...embeddedCauses(object, schema),
    ...ratchetedLists(object, old, schema),
  ],
  validateStatus: (object, old) => [
    ...statusCauses(object, old, schema),
    ...embeddedCauses(object, schema),
    ...ratchetedLists(object, old, schema),
  ],
});
