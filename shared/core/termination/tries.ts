/** The record of the tries to end sidecars: an annotation on the Pod, written before each try. */
import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_TERMINATION } from '../../model/names.ts';
import { wholeSeconds } from '../../model/time.ts';
import { parseRecord } from '../resources/json.ts';

/**
 * `phase`: the Pod's phase is set, and the kubelet ends what is left. `image`: the container gets its exit image.
 * `exec`: SIGTERM to process 1 from a shell in it. `ephemeral`: the same from an ephemeral container beside it.
 * `stop`: the container gets an image that can't be started.
 */
export const STRATEGIES = ['phase', 'image', 'exec', 'ephemeral', 'stop'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Stands in the record for: the owner was told that nothing is left to try. */
const REPORT = 'report';

interface Entry {
  strategy: Strategy | typeof REPORT;
  /** Counts the tries of the container from 1. */
  attempt: number;
  /** RFC 3339. */
  at: string;
  /** `failed`: could not be made now. `refused`: can't be made at all. Absent: made, or the function ended before it was. */
  outcome?: 'failed' | 'refused';
  /** The container's restartCount at the time. */
  restarts: number;
  /** Name of the ephemeral container. */
  killer?: string;
}

export type Try = Entry & { strategy: Strategy };

/** By container name, oldest first. */
type Entries = Record<string, Entry[]>;

const isEntry = (value: unknown): value is Entry => {
  const { strategy, attempt, at, restarts } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  return (
    (strategy === REPORT || STRATEGIES.includes(strategy as Strategy)) &&
    Number.isSafeInteger(attempt) &&
    Number.isSafeInteger(restarts) &&
    typeof at === 'string' &&
    !Number.isNaN(Date.parse(at))
  );
};

/** What can't be read counts as not recorded. */
const entriesOf = ({ metadata }: Pick<Pod, 'metadata'>): Entries => {
  const record = parseRecord(metadata.annotations?.[ANNOTATION_TERMINATION] ?? '') ?? {};
  return Object.fromEntries(
    Object.entries(record).map(([name, all]) => [name, Array.isArray(all) ? all.filter(isEntry) : []]),
  );
};

/** Of one container, whose name may be that of a property of every object. */
const entriesFor = (pod: Pick<Pod, 'metadata'>, container: string): Entry[] => {
  const entries = entriesOf(pod);
  return Object.hasOwn(entries, container) ? (entries[container] ?? []) : [];
};

const isTry = (entry: Entry): entry is Try => entry.strategy !== REPORT;

/** The recorded tries by container name. */
export const triesOf = (pod: Pick<Pod, 'metadata'>): Record<string, Try[]> =>
  Object.fromEntries(Object.entries(entriesOf(pod)).map(([name, all]) => [name, all.filter(isTry)]));

/** The recorded tries of a container, oldest first; what can't be read counts as not tried. */
export const triesFor = (pod: Pick<Pod, 'metadata'>, container: string): Try[] =>
  entriesFor(pod, container).filter(isTry);

/** The owner was told of the container, and nothing was tried since. */
export const isReported = (pod: Pick<Pod, 'metadata'>, container: string): boolean =>
  entriesFor(pod, container).at(-1)?.strategy === REPORT;

const withEntries = (pod: Pick<Pod, 'metadata'>, added: Record<string, Entry>): Record<string, string> => {
  const more = Object.entries(added).map(([name, next]) => [name, [...entriesFor(pod, name), next]] as const);
  return { [ANNOTATION_TERMINATION]: JSON.stringify({ ...entriesOf(pod), ...Object.fromEntries(more) }) };
};

/** The annotation with one more try for each of some containers. */
export const withTries: (pod: Pick<Pod, 'metadata'>, added: Record<string, Try>) => Record<string, string> =
  withEntries;

/** The annotation after the owner was told of some containers; of two runs that told it one is recorded. */
export const withReports = (
  pod: Pick<Pod, 'metadata'>,
  containers: string[],
  now: Date,
): Record<string, string> => {
  const at = wholeSeconds(now);
  const report = (name: string): Entry => ({
    strategy: REPORT,
    attempt: triesFor(pod, name).length,
    at,
    restarts: 0,
  });
  const added = containers.filter((name) => !isReported(pod, name));
  return withEntries(pod, Object.fromEntries(added.map((name) => [name, report(name)])));
};

/** What became of a container's try of that number. */
export interface Ended {
  container: string;
  attempt: number;
  outcome: NonNullable<Entry['outcome']>;
}

/** The annotation with the outcomes of some tries; of a try that is not in it nothing is recorded. */
export const withOutcomes = (pod: Pick<Pod, 'metadata'>, ended: Ended[]): Record<string, string> => {
  const tries = Object.entries(entriesOf(pod)).map(([name, all]) => {
    const outcomeOf = ({ attempt }: Try): Ended | undefined =>
      ended.find((each) => each.container === name && each.attempt === attempt);
    return [
      name,
      all.map((each) =>
        isTry(each) ? { ...each, outcome: outcomeOf(each)?.outcome ?? each.outcome } : each,
      ),
    ] as const;
  });
  return { [ANNOTATION_TERMINATION]: JSON.stringify(Object.fromEntries(tries)) };
};
