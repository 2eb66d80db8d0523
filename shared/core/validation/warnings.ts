/** What a SidecarSet is not refused for, but its author should know. Sentences for the AdmissionReview's warnings. */
import type { SidecarSet, UpdateStrategy } from '../../model/sidecarset.ts';
import { resourcesPolicyWarnings } from '../resources/policy/validate.ts';
import { conflicts } from './conflicts.ts';
import { secretWarnings } from './secretValues.ts';
import { strategyWarnings } from './strategy.ts';

const isSet = (partition: UpdateStrategy['partition']): boolean =>
  typeof partition === 'string' || (partition ?? 0) !== 0;

/** OpenKruise refuses the combination. */
const partitionWithSelector = ({ spec: { updateStrategy } }: SidecarSet): string[] =>
  updateStrategy?.selector && isSet(updateStrategy.partition) && updateStrategy.type !== 'NotUpdate'
    ? [
        'spec.updateStrategy: partition together with selector means: only Pods that the selector matches are ' +
          'upgraded, and of all matched Pods at least `partition` stay on the old revision',
      ]
    : [];

/** @param sets all SidecarSets of the cluster */
export const validationWarnings = (set: SidecarSet, sets: SidecarSet[]): string[] => [
  ...partitionWithSelector(set),
  ...strategyWarnings(set),
  ...(['initContainers', 'containers'] as const).flatMap((list) =>
    (set.spec[list] ?? []).flatMap((container, index) =>
      resourcesPolicyWarnings(container, `spec.${list}[${index}]`),
    ),
  ),
  ...secretWarnings(set.spec),
  ...conflicts(set, sets).flatMap(({ certainty, cause }) =>
    certainty === 'perhaps' ? [`${cause.field}: ${cause.message}; a Pod that both select is refused`] : [],
  ),
];
