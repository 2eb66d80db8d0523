import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import type { Call } from '../call.ts';
import { badRequest, invalid, invalidValue, unsupportedValue } from '../errors.ts';
import { at, type JsonObject, textAt } from '../json.ts';
import { ApiError } from '../types.ts';

export type Policy = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  uid: string | undefined;
  resourceVersion: string | undefined;
  /** Seconds, 0 or more; `undefined`: the kind's default. */
  gracePeriod: number | undefined;
  /** `undefined`: the kind's default. */
  policy: Policy | undefined;
  /** As it was asked, for the review. */
  asked: JsonObject;
}

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;
const DELETE_OPTIONS = { group: 'meta.k8s.io', kind: 'DeleteOptions' };

const wholeNumber = (text: string): number => {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
};

/** A negative period counts as one second. */
const gracePeriodOf = (call: Call): number | undefined => {
  const value = at(call.body, 'gracePeriodSeconds') ?? undefined;
  if (value !== undefined && !Number.isInteger(value))
    throw new ApiError(500, '', 'DeleteOptions.gracePeriodSeconds must be a whole number');
  const text = call.query.get('gracePeriodSeconds');
  const seconds = value === undefined && text !== undefined ? wholeNumber(text) : value;
  if (seconds === undefined) return undefined;
  return Number(seconds) < 0 ? 1 : Number(seconds);
};

const policyCauses = (policy: string | undefined, orphan: unknown): StatusCause[] => {
  const field = 'propagationPolicy';
  if (policy === undefined) return [];
  if (orphan !== undefined) {
    const why = 'orphanDependents and deletionPropagation cannot be both set';
    return [invalidValue(field, policy, why)];
  }
  const known: readonly string[] = POLICIES;
  return known.includes(policy) ? [] : [unsupportedValue(field, policy, [...POLICIES, 'nil'])];
};

/** Throws a 422 on policies that are unknown or contradict each other. */
const policyOf = (call: Call): Policy | undefined => {
  const policy = textAt(call.body, 'propagationPolicy') ?? call.query.get('propagationPolicy');
  const orphan = at(call.body, 'orphanDependents') ?? call.query.get('orphanDependents');
  const causes = policyCauses(policy, orphan);
  if (causes.length > 0) throw invalid(DELETE_OPTIONS, '', causes);
  if (orphan !== undefined) return orphan === true || orphan === 'true' ? 'Orphan' : 'Background';
  return POLICIES.find((known) => known === policy);
};

/** From the body, or from the query where the body has none. */
export const readDeleteOptions = (call: Call): DeleteOptions => {
  const policy = policyOf(call);
  const gracePeriod = gracePeriodOf(call);
  const preconditions = at(call.body, 'preconditions');
  return {
    uid: textAt(preconditions, 'uid'),
    resourceVersion: textAt(preconditions, 'resourceVersion'),
    gracePeriod,
    policy,
    asked: {
      ...(policy !== undefined && { propagationPolicy: policy }),
      ...(gracePeriod !== undefined && { gracePeriodSeconds: gracePeriod }),
      ...(preconditions !== undefined && { preconditions }),
    },
  };
};
