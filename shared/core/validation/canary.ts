/** A SidecarSet that stands in for another one: two annotations, the base's name in the second. */
import type { StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_BASE, ANNOTATION_CANARY } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { forbidden, invalid, notFound } from './cause.ts';

const FIELD = `metadata.annotations[${ANNOTATION_BASE}]`;

/** The base that a canary stands in for; only the exact text `true` makes a canary. */
export const baseOf = ({ metadata: { annotations } }: SidecarSet): string | undefined =>
  annotations?.[ANNOTATION_CANARY] === 'true' ? annotations[ANNOTATION_BASE] || undefined : undefined;

/** What a canary is refused for by itself. */
export const validateCanary = (set: SidecarSet): StatusCause[] => {
  const base = baseOf(set);
  if (base === undefined) return [];
  return [
    ...(base === set.metadata.name ? [invalid(FIELD, 'a SidecarSet can not be its own base')] : []),
    ...(set.spec.updateStrategy?.type === 'NotUpdate'
      ? []
      : [invalid('spec.updateStrategy.type', 'must be NotUpdate: a canary is injected, never rolled out')]),
  ];
};

/** Pods of a canary would not be found under another base. */
export const validateBaseUnchanged = (set: SidecarSet, before: SidecarSet): StatusCause[] => {
  const [base, old] = [baseOf(set), baseOf(before)];
  return base !== undefined && old !== undefined && old !== base
    ? [forbidden(FIELD, 'can not be changed')]
    : [];
};

/** What a canary is refused for by the other SidecarSets: its base must be there, and be none itself. */
export const validateBase = (set: SidecarSet, others: SidecarSet[]): StatusCause[] => {
  const name = baseOf(set);
  if (name === undefined || name === set.metadata.name) return [];
  const base = others.find(({ metadata }) => metadata.name === name);
  if (base === undefined) return [notFound(FIELD, `there is no SidecarSet ${name}`)];
  return baseOf(base) === undefined ? [] : [invalid(FIELD, `SidecarSet ${name} is a canary itself`)];
};
