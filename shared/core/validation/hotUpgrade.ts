import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';
import { invalid, required } from './cause.ts';

/** Longer names would not be names any more once `-1` and `-2` are added. */
const LONGEST = 61;

/** A hot-upgraded container needs an image that does nothing: OpenKruise lets the API server refuse the Pods. */
export const validateHotUpgrade = (
  { name, upgradeStrategy }: SidecarContainer,
  field: string,
): StatusCause[] => {
  if (upgradeStrategy?.upgradeType !== 'HotUpgrade') return [];
  const { hotUpgradeEmptyImage } = upgradeStrategy;
  return [
    ...(hotUpgradeEmptyImage?.trim()
      ? []
      : [
          required(
            `${field}.upgradeStrategy.hotUpgradeEmptyImage`,
            'the second of the two containers runs it while it has nothing to do',
          ),
        ]),
    ...(name && name.length > LONGEST
      ? [invalid(`${field}.name`, `at most ${LONGEST} characters: -1 and -2 are added`)]
      : []),
  ];
};
