/** What every object's metadata must be like (`apimachinery/pkg/api/validation/objectmeta.go`). */
import type { OwnerReference, StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { immutable, invalidValue } from '../errors.ts';
import type { ApiObject } from '../objects.ts';
import { keyComplaints, valueComplaints } from '../selectors/qualified.ts';

/** Names that stand without a domain before them. */
const STANDARD_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];

const causesOf = (field: string, bad: unknown, complaints: string[]): StatusCause[] =>
  complaints.map((complaint) => invalidValue(field, bad, complaint));

const labelCauses = (labels: Record<string, string> = {}): StatusCause[] =>
  Object.entries(labels).flatMap(([key, value]) => [
    ...causesOf('metadata.labels', key, keyComplaints(key)),
    ...causesOf('metadata.labels', value, valueComplaints(value)),
  ]);

const annotationCauses = (annotations: Record<string, string> = {}): StatusCause[] =>
  Object.keys(annotations).flatMap((key) =>
    causesOf('metadata.annotations', key, keyComplaints(key.toLowerCase())),
  );

const finalizerCauses = (finalizers: string[] = []): StatusCause[] =>
  finalizers.flatMap((name, index) => {
    const field = `metadata.finalizers[${index}]`;
    const complaints = keyComplaints(name);
    if (complaints.length > 0 || name.includes('/') || STANDARD_FINALIZERS.includes(name))
      return causesOf(field, name, complaints);
    return [invalidValue(field, name, 'name is neither a standard finalizer name nor is it fully qualified')];
  });

const ownerCauses = ({ apiVersion, kind, name, uid }: Partial<OwnerReference>): StatusCause[] => {
  const field = (last: string) => `metadata.ownerReferences.${last}`;
  return [
    ...(apiVersion ? [] : [invalidValue(field('apiVersion'), '', 'version must not be empty')]),
    ...(kind ? [] : [invalidValue(field('kind'), '', 'must not be empty')]),
    ...(name ? [] : [invalidValue(field('name'), '', 'must not be empty')]),
    ...(uid ? [] : [invalidValue(field('uid'), '', 'must not be empty')]),
  ];
};

const controllerCauses = (owners: OwnerReference[]): StatusCause[] => {
  const [first, second] = owners.filter(({ controller }) => controller);
  if (!first || !second) return [];
  const why =
    'Only one reference can have Controller set to true. Found "true" in references for ' +
    `${first.kind}/${first.name} and ${second.kind}/${second.name}`;
  return [invalidValue('metadata.ownerReferences', owners, why)];
};

/** Of a new object and of a changed one; the name is checked by the kind. */
export const metadataCauses = ({ metadata }: ApiObject): StatusCause[] => [
  ...labelCauses(metadata.labels),
  ...annotationCauses(metadata.annotations),
  ...(metadata.ownerReferences ?? []).flatMap(ownerCauses),
  ...controllerCauses(metadata.ownerReferences ?? []),
  ...finalizerCauses(metadata.finalizers),
];

const SET_BY_DELETE = ['deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** A write may leave these out, but not change them. */
export const unchangedCauses = (proposed: ApiObject, current: ApiObject): StatusCause[] =>
  SET_BY_DELETE.filter(
    (field) => proposed.metadata[field] !== undefined && proposed.metadata[field] !== current.metadata[field],
  ).map((field) => immutable(`metadata.${field}`, proposed.metadata[field]));
