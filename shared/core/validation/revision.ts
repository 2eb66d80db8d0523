/** `injectionStrategy.revision`: the content that fresh Pods get in place of the latest. */
import type { ControllerRevision, StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { namedRevision } from '../revision/restore.ts';
import { notFound, notOneOf, required } from './cause.ts';

const FIELD = 'spec.injectionStrategy.revision';
const POLICIES = ['Always', 'Partial'] as const;

/** A name or a custom version, and a policy that exists. */
export const validateRevision = ({ spec }: SidecarSet): StatusCause[] => {
  const revision = spec.injectionStrategy?.revision;
  if (!revision) return [];
  const { revisionName, customVersion, policy } = revision;
  return [
    ...(revisionName || customVersion
      ? []
      : [required(FIELD, 'name a revision: revisionName or customVersion')]),
    ...(!policy || POLICIES.includes(policy) ? [] : [notOneOf(`${FIELD}.policy`, policy, POLICIES)]),
  ];
};

/** The revision must be there now: Pods could not be created without it. */
export const validateNamedRevision = (set: SidecarSet, revisions: ControllerRevision[]): StatusCause[] => {
  const { revisionName, customVersion } = set.spec.injectionStrategy?.revision ?? {};
  if ((!revisionName && !customVersion) || namedRevision(set, revisions)) return [];
  return revisionName
    ? [notFound(`${FIELD}.revisionName`, `this SidecarSet has no ControllerRevision ${revisionName}`)]
    : [notFound(`${FIELD}.customVersion`, `this SidecarSet has no revision of version ${customVersion}`)];
};
