/** `resourceVersion` in a query: a whole number, 0 for "any". */
import { expired, tooLargeVersion } from './errors.ts';
import type { Store } from './store.ts';
import { ApiError } from './types.ts';

/** Throws what Kubernetes makes of an unreadable version: a 500 without a reason. */
export const parseVersion = (text: string): number => {
  if (/^\d+$/.test(text)) return Number(text);
  const quoted = JSON.stringify(text);
  const why = `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
  throw new ApiError(500, '', why);
};

/** Throws 504 for a version that is not reached yet. */
export const checkReached = (store: Store, version: number): void => {
  if (version > store.revision()) throw tooLargeVersion(version, store.revision());
};

/** Throws 410 for a version whose later changes are partly forgotten. */
export const checkRemembered = (store: Store, version: number): void => {
  if (version < store.horizon()) throw expired(`too old resource version: ${version} (${store.horizon()})`);
};
