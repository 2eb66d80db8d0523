import type { StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_STRATEGY } from '../../model/names.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import { STRATEGIES } from '../../model/strategy.ts';
import { isHotUpgraded } from '../injection/hotUpgrade.ts';
import { ownPriority } from '../injection/priorities.ts';
import { isStrategyUnknown } from '../injection/strategy.ts';
import { notOneOf } from './cause.ts';

/** The annotation says `native` or `compatible`, or is not there. */
export const validateStrategy = (set: SidecarSet): StatusCause[] =>
  isStrategyUnknown(set)
    ? [
        notOneOf(
          `metadata.annotations[${ANNOTATION_STRATEGY}]`,
          set.metadata.annotations?.[ANNOTATION_STRATEGY],
          STRATEGIES,
        ),
      ]
    : [];

const whyPlain = (sidecar: SidecarContainer): string | undefined => {
  if (isHotUpgraded(sidecar)) return 'a hot upgrade hands over between two plain containers';
  return ownPriority(sidecar) < 0
    ? 'it has to start after the containers of a Pod that have no priority, and so a higher one'
    : undefined;
};

/** Containers that can't be native though their set asks for it. Who creates a Job's Pods never shows the Pod's own warnings. */
export const strategyWarnings = ({ metadata, spec }: SidecarSet): string[] =>
  metadata.annotations?.[ANNOTATION_STRATEGY] === 'native'
    ? (spec.containers ?? []).flatMap((sidecar, index) => {
        const why = whyPlain(sidecar);
        return why
          ? [`spec.containers[${index}]: stays a plain container under the strategy native: ${why}`]
          : [];
      })
    : [];
