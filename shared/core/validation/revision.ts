/** `injectionStrategy.revision`: the content that fresh Pods get in place of the latest. */
import type { ControllerRevision, StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { namedRevision, namesRevision } from '../revision/restore.ts';
import { notFound, notOneOf, required } from './cause.ts';

const FIELD = 'spec.injectionStrategy.revision';
const POLICIES = ['Always', 'Partial'] as const;

/** A name or a custom version, and a policy that exists. */
export const validateRevision = (set: SidecarSet): StatusCause[] => {
  const revision = set.spec.injectionStrategy?.revision;
  if (!revision) return [];
  const { policy } = revision;
  return [
    ...(namesRevision(set) ? [] : [required(FIELD, 'name a revision: revisionName or customVersion')]),
    ...(!policy || POLICIES.includes(policy) ? [] : [notOneOf(`${FIELD}.policy`, policy, POLICIES)]),
  ];
};

/** The revision must be there now: Pods could not be created without it. */
export const validateNamedRevision = (set: SidecarSet, revisions: ControllerRevision[]): StatusCause[] => {
  const { revisionName, customVersion } = set.spec.injectionStrategy?.revision ?? {};
  if (!namesRevision(set) || namedRevision(set, revisions)) return [];
  return revisionName
    ? [notFound(`${FIELD}.revisionName`, `this SidecarSet has no ControllerRevision ${revisionName}`)]
    : [notFound(`${FIELD}.customVersion`, `this SidecarSet has no revision of version ${customVersion}`)];
};
