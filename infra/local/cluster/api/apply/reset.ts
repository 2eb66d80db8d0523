/** Fields that a write can't change, so that nobody comes to own them by it (`GetResetFields`). */
import { partOf } from '../kinds/podParts.ts';
import { hasStatus, type ResourceType } from '../resourceType.ts';
import { type FieldSet, setOf } from './fieldSet.ts';

const NOTHING = setOf();
const STATUS = setOf(['f:status']);
const SPEC = setOf(['f:spec']);
const OF_STATUS: Readonly<Record<string, FieldSet>> = {
  Pod: setOf(['f:spec'], ['f:metadata', 'f:deletionTimestamp'], ['f:metadata', 'f:ownerReferences']),
  Deployment: setOf(['f:spec'], ['f:metadata', 'f:labels']),
};

export const resetFields = (type: ResourceType, subresource: string | undefined): FieldSet => {
  if (subresource === 'status') return (type.custom ? undefined : OF_STATUS[type.kind]) ?? SPEC;
  if (partOf(subresource)) return NOTHING;
  return hasStatus(type) ? STATUS : NOTHING;
};

const OF_SERVER = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
];

/** The type and what the server writes into the metadata have no owner. */
export const UNOWNED = setOf(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...OF_SERVER.map((field) => ['f:metadata', `f:${field}`]),
);
