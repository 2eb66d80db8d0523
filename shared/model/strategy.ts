/**
 * How the plain containers of a SidecarSet get into a Pod: `native` as restartable init containers, which the kubelet
 * itself starts first and ends last; `compatible` as plain containers, as in OpenKruise.
 */
export const STRATEGIES = ['native', 'compatible'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export const isStrategy = (value: string | undefined): value is Strategy =>
  (STRATEGIES as readonly (string | undefined)[]).includes(value);
