import type { Call } from '../call.ts';
import { badRequest, notImplemented } from '../errors.ts';
import { at, type JsonObject, textAt } from '../json.ts';

export interface DeleteOptions {
  uid: string | undefined;
  resourceVersion: string | undefined;
  /** Seconds; `undefined`: the kind's default. */
  gracePeriod: number | undefined;
  /** As it was asked, for the review. */
  asked: JsonObject;
}

const gracePeriodOf = (call: Call): number | undefined => {
  const value = at(call.body, 'gracePeriodSeconds') ?? call.query.get('gracePeriodSeconds');
  if (value === undefined || value === null) return undefined;
  const seconds = Number(value);
  if (!Number.isInteger(seconds) || seconds < 0)
    throw badRequest(`gracePeriodSeconds must be a whole number, 0 or more, not ${JSON.stringify(value)}`);
  return seconds;
};

/** Dependents are left to the garbage collector: only Background is done. */
const checkPropagation = (call: Call): void => {
  const policy =
    textAt(call.body, 'propagationPolicy') ?? call.query.get('propagationPolicy') ?? 'Background';
  if (policy === 'Foreground' || policy === 'Orphan') throw notImplemented(`propagationPolicy ${policy} is`);
  if (policy !== 'Background') throw badRequest(`unknown propagationPolicy: ${JSON.stringify(policy)}`);
  const orphan = at(call.body, 'orphanDependents') ?? call.query.get('orphanDependents');
  if (orphan === true || orphan === 'true') throw notImplemented('orphanDependents is');
};

/** From the body, or from the query where the body has none. */
export const readDeleteOptions = (call: Call): DeleteOptions => {
  checkPropagation(call);
  const gracePeriod = gracePeriodOf(call);
  const preconditions = at(call.body, 'preconditions');
  const policy = textAt(call.body, 'propagationPolicy') ?? call.query.get('propagationPolicy');
  return {
    uid: textAt(preconditions, 'uid'),
    resourceVersion: textAt(preconditions, 'resourceVersion'),
    gracePeriod,
    asked: {
      ...(policy !== undefined && { propagationPolicy: policy }),
      ...(gracePeriod !== undefined && { gracePeriodSeconds: gracePeriod }),
      ...(preconditions !== undefined && { preconditions }),
    },
  };
};
