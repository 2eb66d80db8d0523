/** `resourceVersion` in a query: a whole number, 0 for "any". */
import { badRequest, expired, tooLargeVersion } from './errors.ts';
import type { Store } from './store.ts';

export const parseVersion = (text: string): number => {
  if (!/^\d+$/.test(text)) throw badRequest(`Invalid value: "${text}": resource version must be a number`);
  return Number(text);
};

/** Throws 504 for a version that is not reached yet. */
export const checkReached = (store: Store, version: number): void => {
  if (version > store.revision()) throw tooLargeVersion(version, store.revision());
};

/** Throws 410 for a version whose later changes are partly forgotten. */
export const checkRemembered = (store: Store, version: number): void => {
  if (version < store.horizon()) throw expired(`too old resource version: ${version} (${store.horizon()})`);
};
