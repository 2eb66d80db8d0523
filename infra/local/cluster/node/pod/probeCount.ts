import type { Probe } from '../../../../../shared/model/kubernetes.ts';

/** A probe's verdict so far and how many equal results it has had in a row. */
export interface ProbeCount {
  verdict: boolean;
  last?: boolean;
  streak: number;
}

/** The verdict turns only after successThreshold or failureThreshold equal results in a row. */
export const counted = (count: ProbeCount, succeeded: boolean, probe: Probe): ProbeCount => {
  const streak = count.last === succeeded ? count.streak + 1 : 1;
  const needed = succeeded ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  return { verdict: streak >= needed ? succeeded : count.verdict, last: succeeded, streak };
};
