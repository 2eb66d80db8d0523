import { isRecord } from '../../model/json.ts';
import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { required, wrongType } from './cause.ts';
import { withoutNulls } from './nulls.ts';
import { SIDECARSET } from './specShape.ts';
import { wrongTypes } from './wrongTypes.ts';

export type Read = { kind: 'read'; set: SidecarSet } | { kind: 'refused'; causes: StatusCause[] };

/**
 * A `v1beta1` SidecarSet from what the API server holds, without `null` fields. Nobody has checked the types of its
 * containers and volumes before (the CRD's schema leaves them open): a wrong one is refused by path.
 */
export const readSidecarSet = (object: unknown): Read => {
  if (!isRecord(object)) return { kind: 'refused', causes: [wrongType('', 'must be an object')] };
  const parts = ['metadata', 'spec'].filter((part) => !isRecord(object[part]));
  const causes = [...parts.map((part) => required(part)), ...wrongTypes(object, SIDECARSET, '')];
  if (causes.length > 0) return { kind: 'refused', causes };
  return { kind: 'read', set: withoutNulls(object) as SidecarSet };
};

/** Those that can be read; one that was stored past our webhook holds nobody back. */
export const readableSets = (objects: unknown[]): SidecarSet[] =>
  objects.map(readSidecarSet).flatMap((read) => (read.kind === 'read' ? [read.set] : []));
