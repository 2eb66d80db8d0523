/** What a run reports, from what became of each sidecar. */
import type { ClusterEvent } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Code } from '../../model/reasons.ts';
import type { Strategy } from './tries.ts';

export interface StepResult {
  container: string;
  code: Code;
  /** When the container must be looked at again; absent: not by this run's doing. */
  seconds?: number;
  /** Human text for the log: why this strategy, or why a try could not be made. */
  why?: string;
}

export const TRY_CODES: Record<Strategy, Code> = {
  phase: 'TerminationPhase',
  image: 'TerminationSwapped',
  exec: 'TerminationSignalled',
  ephemeral: 'TerminationEphemeral',
  stop: 'TerminationStopped',
};

interface Group {
  code: Code;
  seconds: number;
  detail: Record<string, unknown>;
}

const groupOf = (results: StepResult[], code: Code): Group => {
  const members = results.filter((result) => result.code === code);
  const why = members.flatMap((member) => member.why ?? []);
  return {
    code,
    seconds: Math.min(...members.map(({ seconds = Infinity }) => seconds)),
    detail: { containers: members.map(({ container }) => container), ...(why.length > 0 && { why }) },
  };
};

/**
 * One outcome for each code, of which only the soonest comes back: it looks at the whole Pod, and two messages for one
 * Pod would breed.
 */
export const terminationOutcomes = (results: StepResult[], event: ClusterEvent): Outcome[] => {
  const codes = [...new Set(results.map(({ code }) => code))];
  const groups = codes.map((code) => groupOf(results, code)).sort((a, b) => a.seconds - b.seconds);
  return groups.map(({ code, seconds, detail }, index) =>
    index === 0 && Number.isFinite(seconds)
      ? { kind: 'later', code, seconds, event, detail }
      : { kind: 'done', code, detail },
  );
};
