import { isRecord } from '../../model/json.ts';
import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { required } from './cause.ts';
import { withoutNulls } from './nulls.ts';
import { SIDECARSET } from './specShape.ts';
import { wrongTypes } from './wrongTypes.ts';

export type Read = { kind: 'read'; set: SidecarSet } | { kind: 'refused'; causes: StatusCause[] };

/**
 * A `v1beta1` SidecarSet from what the API server holds, without `null` fields. Nobody has checked the types of its
 * containers and volumes before (the CRD's schema leaves them open): a wrong one is refused by path.
 */
export const readSidecarSet = (object: unknown): Read => {
  const causes = isRecord(object) && !isRecord(object['spec']) ? [required('spec')] : [];
  causes.push(...wrongTypes(object, SIDECARSET, ''));
  if (causes.length > 0) return { kind: 'refused', causes };
  return { kind: 'read', set: withoutNulls(object) as SidecarSet };
};
