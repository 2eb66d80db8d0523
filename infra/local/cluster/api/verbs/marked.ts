/** What a DELETE makes of an object (`rest.BeforeDelete` and the registry's finalizers of garbage collection). */
import type { Clock } from '../../../../../shared/io/ports.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { groupResource, notImplemented } from '../errors.ts';
import { equal } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { ResourceType } from '../resourceType.ts';
import type { DeleteOptions, Policy } from './deleteOptions.ts';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

interface Term {
  /** When the deletion was first asked for, ms. */
  since: number;
  seconds: number;
}

/** How long the object still has: a later DELETE can only shorten it, and says so itself. */
export const termOf = (
  clock: Clock,
  type: ResourceType,
  object: ApiObject,
  asked: number | undefined,
): Term => {
  const { deletionTimestamp, deletionGracePeriodSeconds: left = 0 } = object.metadata;
  if (deletionTimestamp === undefined)
    return { since: clock.now().getTime(), seconds: type.rules.gracePeriod?.(object, asked) ?? 0 };
  const since = Date.parse(deletionTimestamp) - left * 1000;
  return { since, seconds: Math.min(asked ?? left, left) };
};

const policyFor = (type: ResourceType, finalizers: string[], asked: Policy | undefined): Policy => {
  if (asked) return asked;
  if (finalizers.includes(ORPHAN)) return 'Orphan';
  if (finalizers.includes(FOREGROUND)) return 'Foreground';
  return type.rules.orphansDependents ? 'Orphan' : 'Background';
};

const FINALIZER = { Background: undefined, Foreground: FOREGROUND, Orphan: ORPHAN };

/** The garbage collector takes away the finalizer that says how to treat the dependents; it knows some kinds only. */
const finalizersFor = (type: ResourceType, object: ApiObject, asked: Policy | undefined): string[] => {
  const { deletionTimestamp, finalizers: held = [] } = object.metadata;
  const own = deletionTimestamp === undefined ? (type.rules.finalizers ?? []) : [];
  const finalizers = [...new Set([...held, ...own])];
  const policy = policyFor(type, finalizers, asked);
  const wanted = FINALIZER[policy];
  if (wanted && !type.rules.collected)
    throw notImplemented(`propagationPolicy ${policy} of ${groupResource(type)} is`);
  const others = finalizers.filter((name) => ![FOREGROUND, ORPHAN].includes(name) || name === wanted);
  return wanted === undefined || others.includes(wanted) ? others : [...others, wanted];
};

export interface Marked {
  object: ApiObject;
  /** Nothing holds it any more. */
  gone: boolean;
}

/** Throws a 501 for Foreground and Orphan of a kind that the garbage collector does not watch. */
export const marked = (
  clock: Clock,
  type: ResourceType,
  object: ApiObject,
  options: DeleteOptions,
): Marked => {
  const { metadata } = object;
  const { since, seconds } = termOf(clock, type, object, options.gracePeriod);
  const first = metadata.deletionTimestamp === undefined;
  const finalizers = finalizersFor(type, object, options.policy);
  const gone = seconds === 0 && finalizers.length === 0;
  // A kind without a grace period is shown as it was.
  if (gone && !type.rules.gracePeriod) return { object, gone };
  const { finalizers: before, ...kept } = metadata;
  const next = {
    ...kept,
    ...(finalizers.length > 0 && { finalizers }),
    deletionTimestamp: wholeSeconds(new Date(since + seconds * 1000)),
    deletionGracePeriodSeconds: seconds,
    ...(metadata.generation !== undefined && first && { generation: metadata.generation + 1 }),
  };
  const same = equal(next, metadata);
  return { object: same ? object : { ...object, metadata: next }, gone };
};
