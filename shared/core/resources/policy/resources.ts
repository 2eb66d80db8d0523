import type { Container, StatusCause } from '../../../model/kubernetes.ts';
import type { SidecarContainer } from '../../../model/sidecarset.ts';
import { formatQuantity } from '../../revision/quantity.ts';
import { invalid } from '../../validation/cause.ts';
import { aggregate } from './aggregate.ts';
import { compileExpression } from './expression.ts';
import { expressionsOf, type Written } from './expressions.ts';
import type { Target } from './targets.ts';

type Policy = NonNullable<SidecarContainer['resourcesPolicy']>;
type Refused = { kind: 'refused'; causes: StatusCause[] };

export type PolicyResources = { kind: 'resources'; resources: NonNullable<Container['resources']> } | Refused;

const refused = (field: string, detail: string): Refused => ({
  kind: 'refused',
  causes: [invalid(field, detail)],
});

/** Text of the quantity; `undefined` where there is none to set. */
const evaluated = (
  written: Written,
  targets: Target[],
  mode: string,
): { kind: 'value'; text: string | undefined } | Refused => {
  const compiled = compileExpression(written.text, written.resource);
  if (compiled.kind === 'malformed') return refused(written.field, compiled.message);
  const whole = aggregate(targets, mode, written);
  if (whole.kind === 'refused') return whole;
  if (whole.value === undefined) return { kind: 'value', text: undefined };
  const result = compiled.evaluate(whole.value);
  const text = formatQuantity(result);
  if (result.milli >= 0n) return { kind: 'value', text };
  const given = `${formatQuantity(whole.value)} (${mode} of ${targets.map(({ container }) => container.name).join(', ')})`;
  return refused(
    written.field,
    `${written.text} is ${text}, below zero, where ${written.resource} is ${given}`,
  );
};

/**
 * The `resources` of a sidecar with a policy; they replace its own. A limit is left out if a target has none, even
 * where its expression is a constant, as in OpenKruise.
 *
 * @param targets at least one, else the Pod is refused
 * @param field of the policy in the SidecarSet
 */
export const resourcesOf = (policy: Policy, targets: Target[], field: string): PolicyResources => {
  if (targets.length === 0)
    return refused(
      `${field}.targetContainersNameRegex`,
      `no container of the Pod matches ${JSON.stringify(policy.targetContainersNameRegex || '.*')}`,
    );
  const resources: NonNullable<Container['resources']> = {};
  for (const written of expressionsOf(policy, field)) {
    const value = evaluated(written, targets, policy.targetContainersMode);
    if (value.kind === 'refused') return value;
    if (value.text !== undefined)
      resources[written.list] = { ...resources[written.list], [written.resource]: value.text };
  }
  return { kind: 'resources', resources };
};
