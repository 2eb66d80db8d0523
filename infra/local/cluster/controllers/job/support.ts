import type { Job, JobSpec } from '../workloads.ts';

/** Fields that would change what the Job does, and when they do. */
const REFUSED: [field: string, isSet: (spec: JobSpec) => boolean][] = [
  ['spec.suspend', ({ suspend }) => suspend === true],
  ['spec.completionMode', ({ completionMode }) => (completionMode ?? 'NonIndexed') !== 'NonIndexed'],
  ['spec.podFailurePolicy', ({ podFailurePolicy }) => podFailurePolicy !== undefined],
  ['spec.successPolicy', ({ successPolicy }) => successPolicy !== undefined],
  ['spec.backoffLimitPerIndex', ({ backoffLimitPerIndex }) => backoffLimitPerIndex !== undefined],
  ['spec.maxFailedIndexes', ({ maxFailedIndexes }) => maxFailedIndexes !== undefined],
  ['spec.manualSelector', ({ manualSelector }) => manualSelector === true],
];

/** The first field of the Job that the embedded Job controller does not honour. */
export const unsupportedField = ({ spec }: Job): string | undefined =>
  REFUSED.find(([, isSet]) => isSet(spec))?.[0];

/** Whether another controller has declared the Job its own (`spec.managedBy`). */
export const isForeign = ({ spec }: Job): boolean =>
  spec.managedBy !== undefined && spec.managedBy !== 'kubernetes.io/job-controller';
