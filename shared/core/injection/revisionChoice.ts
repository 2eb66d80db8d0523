/** Which content of a SidecarSet a fresh Pod gets: the latest, or that of the revision which the set names. */
import type { ControllerRevision, Pod, StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { selects } from '../labels/selector.ts';
import type { Digest } from '../revision/hash.ts';
import { namedRevision, namesRevision, restored } from '../revision/restore.ts';
import { notFound } from '../validation/cause.ts';

export interface ChoiceContext {
  /** Unique for a request: what `Partial` decides is a function of it, so that one can tell afterwards why. */
  requestUid: string;
  digest: Digest;
}

/** `candidates`: what another answer to the same creation may have been; a Pod that holds one of them is left as it is. */
export type Choice =
  | { kind: 'chosen'; set: SidecarSet; candidates: SidecarSet[] }
  | { kind: 'missing'; cause: StatusCause }
  | { kind: 'unusable'; causes: StatusCause[] };

/** In [0, 1), evenly spread over requests, the same for one request and set. */
const share = ({ requestUid, digest }: ChoiceContext, set: SidecarSet): number =>
  Number.parseInt(digest(`${requestUid}/${set.metadata.name}`).slice(0, 12), 16) / 2 ** 48;

/** Under `Partial` a percentage of the Pods stays on the named revision; a number says nothing about fresh Pods. */
const staysBehind = (set: SidecarSet, pod: Pod, context: ChoiceContext): boolean => {
  const { selector, partition } = set.spec.updateStrategy ?? {};
  if (selector && !selects(selector, pod.metadata.labels)) return true;
  const percent = typeof partition === 'string' ? /^(\d+)%$/.exec(partition)?.[1] : undefined;
  return percent !== undefined && share(context, set) < Number(percent) / 100;
};

const takesNamed = (set: SidecarSet, pod: Pod, context: ChoiceContext): boolean =>
  set.spec.updateStrategy?.paused === true ||
  set.spec.injectionStrategy?.revision?.policy !== 'Partial' ||
  staysBehind(set, pod, context);

/**
 * OpenKruise's rule, but for two things: `Partial` does not throw dice, and a revision of another SidecarSet is not
 * found. A named revision that is not there refuses the Pod, even where the latest would be taken.
 *
 * @param revisions the ControllerRevisions of the system namespace, as far as they may be named
 */
export const chooseRevision = (
  set: SidecarSet,
  pod: Pod,
  revisions: ControllerRevision[],
  context: ChoiceContext,
): Choice => {
  if (!namesRevision(set)) return { kind: 'chosen', set, candidates: [set] };
  const revision = namedRevision(set, revisions);
  if (revision === undefined) {
    const { revisionName, customVersion } = set.spec.injectionStrategy?.revision ?? {};
    const what = revisionName ? `named ${revisionName}` : `of custom version ${customVersion}`;
    return {
      kind: 'missing',
      cause: notFound('spec.injectionStrategy.revision', `no ControllerRevision ${what} of this SidecarSet`),
    };
  }
  const named = restored(set, revision, context.digest);
  if (named.kind === 'refused') return { kind: 'unusable', causes: named.causes };
  const chosen = takesNamed(set, pod, context) ? named.set : set;
  const isPartial = set.spec.injectionStrategy?.revision?.policy === 'Partial';
  return { kind: 'chosen', set: chosen, candidates: isPartial ? [named.set, set] : [chosen] };
};
