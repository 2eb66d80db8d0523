/** The order of upgrades: `priorityStrategy` and `scatterStrategy`. */
import type { StatusCause } from '../../model/kubernetes.ts';
import type { UpdateStrategy } from '../../model/sidecarset.ts';
import { forbidden, invalid, required } from './cause.ts';
import { repeated } from './repeated.ts';
import { validateSelector } from './selectors.ts';

const FIELD = 'spec.updateStrategy';

type Priority = NonNullable<UpdateStrategy['priorityStrategy']>;

const weights = (terms: NonNullable<Priority['weightPriority']>): StatusCause[] =>
  terms.flatMap(({ weight, matchSelector }, index) => {
    const field = `${FIELD}.priorityStrategy.weightPriority[${index}]`;
    return [
      ...(weight >= 0 && weight <= 100 ? [] : [invalid(`${field}.weight`, 'must be from 0 to 100')]),
      ...(matchSelector
        ? validateSelector(matchSelector, `${field}.matchSelector`)
        : [required(`${field}.matchSelector`)]),
    ];
  });

const orders = (terms: NonNullable<Priority['orderPriority']>): StatusCause[] =>
  terms.flatMap(({ orderedKey }, index) =>
    orderedKey ? [] : [required(`${FIELD}.priorityStrategy.orderPriority[${index}].orderedKey`)],
  );

/** By weight or by order, not both; weights from 0 to 100. */
export const validatePriority = ({ priorityStrategy }: UpdateStrategy): StatusCause[] => {
  const { weightPriority = [], orderPriority = [] } = priorityStrategy ?? {};
  const both = weightPriority.length > 0 && orderPriority.length > 0;
  return [
    ...(both
      ? [forbidden(`${FIELD}.priorityStrategy`, 'weightPriority and orderPriority exclude each other')]
      : []),
    ...weights(weightPriority),
    ...orders(orderPriority),
  ];
};

/** Every term needs a key, and stands there once. */
export const validateScatter = ({ scatterStrategy = [] }: UpdateStrategy): StatusCause[] => [
  ...scatterStrategy.flatMap(({ key }, index) =>
    key ? [] : [required(`${FIELD}.scatterStrategy[${index}].key`)],
  ),
  ...repeated(
    scatterStrategy.map(({ key, value }) => key && `${key}=${value}`),
    (index) => `${FIELD}.scatterStrategy[${index}]`,
  ),
];
