import type { IntOrString } from '../../model/sidecarset.ts';

/**
 * A number of Pods: an integer as it is, a percentage of `total` rounded up.
 * `undefined` for what validation would have refused (negative, `"5"`, `"99.5%"`).
 */
export const amountOf = (value: IntOrString, total: number): number | undefined => {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  const percent = /^([0-9]+)%$/.exec(value)?.[1];
  return percent === undefined ? undefined : Math.ceil((Number(percent) * total) / 100);
};
