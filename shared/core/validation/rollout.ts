/** What a rollout can't do, though an injection could. */
import type { StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_BEYOND_IMAGE, ANNOTATION_UPGRADE_JOBS } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { isHotUpgraded } from '../injection/hotUpgrade.ts';
import { isNativeSidecar } from '../revision/hash.ts';
import { BEYOND_IMAGE, unknownWays } from '../rollout/beyondImage.ts';
import { invalid, notOneOf } from './cause.ts';
import { validateUpdateStrategy } from './updateStrategy.ts';

/** A native sidecar is restarted by the kubelet; OpenKruise refuses every one of them here. */
const hotNativeSidecars = ({ spec }: SidecarSet): StatusCause[] =>
  (spec.initContainers ?? []).flatMap((container, index) =>
    isNativeSidecar(container) && isHotUpgraded(container)
      ? [
          invalid(
            `spec.initContainers[${index}].upgradeStrategy.upgradeType`,
            'must be ColdUpgrade, or spec.updateStrategy.type NotUpdate: a native sidecar has no second container to hand over to',
          ),
        ]
      : [],
  );

const annotations = (set: SidecarSet): StatusCause[] => {
  const jobs = set.metadata.annotations?.[ANNOTATION_UPGRADE_JOBS];
  return [
    ...(jobs === undefined || jobs === 'true' || jobs === 'false'
      ? []
      : [notOneOf(`metadata.annotations[${ANNOTATION_UPGRADE_JOBS}]`, jobs, ['true', 'false'])]),
    ...unknownWays(set).map((word) =>
      notOneOf(`metadata.annotations[${ANNOTATION_BEYOND_IMAGE}]`, word, BEYOND_IMAGE),
    ),
  ];
};

/** Every reason why the SidecarSet can't be rolled out; `NotUpdate` moves nothing, so only the annotations are checked. */
export const validateRollout = (set: SidecarSet): StatusCause[] => [
  ...annotations(set),
  ...validateUpdateStrategy(set.spec.updateStrategy),
  ...(set.spec.updateStrategy?.type === 'NotUpdate' ? [] : hotNativeSidecars(set)),
];
