import type { ControllerRevision, StatusCause } from '../../model/kubernetes.ts';
import type { CompileRegex } from '../../model/regex.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { validateResourcesPolicy } from '../resources/policy/validate.ts';
import { validateBase, validateCanary } from './canary.ts';
import { invalid, required } from './cause.ts';
import { conflicts } from './conflicts.ts';
import { validateContainers } from './containers.ts';
import { validatePodMetadata } from './podMetadata.ts';
import { validateNamedRevision, validateRevision } from './revision.ts';
import { validateRollout } from './rollout.ts';
import { validateSelector } from './selectors.ts';
import { validateStrategy } from './strategy.ts';
import { validateWhitelist } from './whitelist.ts';

const NAME = /^[A-Za-z0-9-]{1,63}$/;

/** The name becomes a label value and part of annotation keys' JSON, so no dots. */
const metadata = ({ metadata: { name } }: SidecarSet): StatusCause[] => {
  if (!name) return [required('metadata.name')];
  return NAME.test(name) ? [] : [invalid('metadata.name', 'must be at most 63 of letters, digits and -')];
};

const selectors = ({ spec: { selector, namespaceSelector } }: SidecarSet): StatusCause[] => [
  ...(selector ? validateSelector(selector, 'spec.selector') : [required('spec.selector')]),
  ...(namespaceSelector ? validateSelector(namespaceSelector, 'spec.namespaceSelector') : []),
];

const resourcesPolicies = ({ spec }: SidecarSet, compile: CompileRegex): StatusCause[] =>
  (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((container, index) =>
      validateResourcesPolicy(container, `spec.${list}[${index}]`, {
        isInit: list === 'initContainers',
        compile,
      }),
    ),
  );

/** Every reason to refuse a defaulted SidecarSet by itself; empty if there is none. */
export const validateSidecarSet = (set: SidecarSet, compile: CompileRegex): StatusCause[] => [
  ...metadata(set),
  ...validateStrategy(set),
  ...selectors(set),
  ...validateCanary(set),
  ...validateRevision(set),
  ...validateRollout(set),
  ...validateContainers(set.spec),
  ...resourcesPolicies(set, compile),
  ...validatePodMetadata(set.spec),
];

/** What else of the cluster decides about a SidecarSet. */
export interface Surroundings {
  /** All SidecarSets, see {@link readableSets}. */
  sets: SidecarSet[];
  /** ControllerRevisions of this one; needed only if it names one. */
  revisions: ControllerRevision[];
  /** The text that says which annotations may be written; needed only if it writes any. */
  whitelist: string | undefined;
}

/** Every reason to refuse a SidecarSet that is valid by itself. */
export const validateAmongOthers = (
  set: SidecarSet,
  around: Surroundings,
  compile: CompileRegex,
): StatusCause[] => [
  ...validateBase(set, around.sets),
  ...validateNamedRevision(set, around.revisions),
  ...validateWhitelist(set, around.whitelist, compile),
  ...conflicts(set, around.sets).flatMap(({ certainty, cause }) => (certainty === 'yes' ? [cause] : [])),
];
