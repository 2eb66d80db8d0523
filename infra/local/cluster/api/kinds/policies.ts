/** ValidatingAdmissionPolicies and their bindings. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import type { Wish } from '../cel/compile.ts';
import { invalidValue, notImplemented, required, unsupportedValue } from '../errors.ts';
import { at, child, isObject, type JsonObject, objectsAt, own, preset, stringsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import { variablesIn } from '../policies/variables.ts';
import type { KindRules } from '../resourceType.ts';
import { compiledCauses } from './expressions.ts';
import { matchConditionCauses } from './matchConditions.ts';

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];

const setMatchDefaults = (resources: unknown): void => {
  if (!isObject(resources)) return;
  preset(resources, 'matchPolicy', 'Equivalent');
  preset(resources, 'namespaceSelector', {});
  preset(resources, 'objectSelector', {});
  for (const rule of objectsAt(resources, 'resourceRules')) preset(rule, 'scope', '*');
};

const refuse = (holder: unknown, fields: string[], path: string): void => {
  for (const field of fields)
    if (at(holder, field) !== undefined) throw notImplemented(`${path}.${field} is`);
};

/** `resourceNames` of a rule and `excludeResourceRules` are not looked at here. */
const refuseMatch = (resources: unknown, path: string): void => {
  refuse(resources, ['excludeResourceRules'], path);
  for (const rule of objectsAt(resources, 'resourceRules'))
    refuse(rule, ['resourceNames'], `${path}.resourceRules`);
};

const expressionCauses = (field: string, expression: string, wish: Wish): StatusCause[] =>
  expression.trim() === ''
    ? [required(field, 'expression is not specified')]
    : compiledCauses(field, expression, wish);

const reasonCauses = (validation: JsonObject, field: string): StatusCause[] => {
  const reason = own(validation, 'reason');
  return reason === undefined || REASONS.includes(String(reason))
    ? []
    : [unsupportedValue(`${field}.reason`, reason, REASONS.slice(0, 3))];
};

const policyCauses = (policy: ApiObject): StatusCause[] => {
  const spec = at(policy, 'spec');
  refuse(spec, ['paramKind', 'auditAnnotations'], 'spec');
  refuseMatch(at(spec, 'matchConstraints'), 'spec.matchConstraints');
  const { variables, after } = variablesIn(policy);
  const validations = objectsAt(spec, 'validations');
  for (const validation of validations) refuse(validation, ['messageExpression'], 'spec.validations');
  const none = 'validations or auditAnnotations must contain at least one item';
  return [
    ...(at(spec, 'matchConstraints') === undefined ? [required('spec.matchConstraints')] : []),
    ...matchConditionCauses(spec, 'spec.matchConditions'),
    ...variables.flatMap(({ expression, before }, index) =>
      expressionCauses(`spec.variables[${index}].expression`, expression, {
        wanted: 'any',
        variables: before,
      }),
    ),
    ...(validations.length > 0
      ? []
      : ['spec.validations', 'spec.auditAnnotations'].map((field) => required(field, none))),
    ...validations.flatMap((one, index) => [
      ...expressionCauses(`spec.validations[${index}].expression`, textAt(one, 'expression') ?? '', {
        wanted: 'bool',
        variables: after,
      }),
      ...reasonCauses(one, `spec.validations[${index}]`),
    ]),
  ];
};

export const policyRules: KindRules = {
  generation: true,
  unconditionalUpdate: false,
  setDefaults(policy) {
    const spec = child(policy, 'spec');
    preset(spec, 'failurePolicy', 'Fail');
    setMatchDefaults(own(spec, 'matchConstraints'));
  },
  validate: policyCauses,
};

const ACTIONS = ['Audit', 'Deny', 'Warn'];

const actionCauses = (actions: string[]): StatusCause[] => {
  const field = 'spec.validationActions';
  if (actions.length === 0) return [required(field, 'at least one validation action is required')];
  const both = actions.includes('Deny') && actions.includes('Warn');
  const why =
    'must not contain both Deny and Warn (repeating the same validation failure information in the API response and ' +
    'headers serves no purpose)';
  return [
    ...actions.flatMap((action, index) =>
      ACTIONS.includes(action) ? [] : [unsupportedValue(`${field}[${index}]`, action, ACTIONS)],
    ),
    ...(both ? [invalidValue(field, actions, why)] : []),
  ];
};

export const policyBindingRules: KindRules = {
  generation: true,
  unconditionalUpdate: false,
  setDefaults: (binding) => setMatchDefaults(at(binding, 'spec', 'matchResources')),
  validate(binding) {
    refuse(at(binding, 'spec'), ['paramRef'], 'spec');
    refuseMatch(at(binding, 'spec', 'matchResources'), 'spec.matchResources');
    return [
      ...(textAt(binding, 'spec', 'policyName') ? [] : [required('spec.policyName')]),
      ...actionCauses(stringsAt(binding, 'spec', 'validationActions')),
    ];
  },
};
