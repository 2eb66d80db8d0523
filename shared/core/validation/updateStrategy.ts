import type { StatusCause } from '../../model/kubernetes.ts';
import type { IntOrString, UpdateStrategy } from '../../model/sidecarset.ts';
import { invalid } from './cause.ts';
import { validatePriority, validateScatter } from './priority.ts';
import { validateSelector } from './selectors.ts';

const PERCENT = /^[0-9]+%$/;

const isAmount = (value: IntOrString): boolean =>
  typeof value === 'number' ? value >= 0 : PERCENT.test(value);

const amount = (value: IntOrString | undefined, field: string): StatusCause[] =>
  value === undefined || isAmount(value)
    ? []
    : [invalid(field, 'must be a whole number, zero or more, or a percentage such as 20%')];

/** `NotUpdate` moves nothing, so nothing of it is checked. 0, 0% and more than 100% are allowed, as in OpenKruise. */
export const validateUpdateStrategy = (strategy: UpdateStrategy = {}): StatusCause[] =>
  strategy.type === 'NotUpdate'
    ? []
    : [
        ...amount(strategy.partition, 'spec.updateStrategy.partition'),
        ...amount(strategy.maxUnavailable, 'spec.updateStrategy.maxUnavailable'),
        ...(strategy.selector ? validateSelector(strategy.selector, 'spec.updateStrategy.selector') : []),
        ...validatePriority(strategy),
        ...validateScatter(strategy),
      ];
