/** What must hold for figures to mean anything. */
import type { Journey } from './journey.ts';

const problemsOf = ({ way, at, signals, execs }: Journey): string[] => [
  ...(at.complete === undefined ? ['is not Complete'] : []),
  ...(signals === 1 ? [] : [`SIGTERM was delivered ${signals} times`]),
  ...(execs === (way === 'exec' ? 1 : 0) ? [] : [`${execs} commands were executed`]),
];

/** Sentences about what is wrong; none if all is well. */
export const problemsIn = (journeys: Journey[]): string[] =>
  journeys.flatMap((journey) => problemsOf(journey).map((problem) => `Job ${journey.job}: ${problem}`));
