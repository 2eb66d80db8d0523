import type { StatusCause } from '../../../model/kubernetes.ts';
import type { CompileRegex } from '../../../model/regex.ts';
import type { SidecarContainer } from '../../../model/sidecarset.ts';
import { isNativeSidecar } from '../../revision/hash.ts';
import { formatQuantity } from '../../revision/quantity.ts';
import { forbidden, invalid, notOneOf, required } from '../../validation/cause.ts';
import { compileExpression } from './expression.ts';
import { expressionsOf, type Written } from './expressions.ts';
import { MAX_PATTERN, targetNames } from './names.ts';
import { signOf } from './negative.ts';

const MODES: readonly string[] = ['sum', 'max'];

const modeCauses = (mode: string | undefined, field: string): StatusCause[] => {
  if (!mode) return [required(field, MODES.join(' or '))];
  return MODES.includes(mode) ? [] : [notOneOf(field, mode, MODES)];
};

const regexCauses = (sidecar: SidecarContainer, compile: CompileRegex, field: string): StatusCause[] => {
  if (targetNames(sidecar, compile) !== undefined) return [];
  const rule = `must be a regular expression in the syntax of Go (RE2), of at most ${MAX_PATTERN} characters and without huge repetitions`;
  return [invalid(field, rule)];
};

const expressionCauses = ({ text, resource, field }: Written): StatusCause[] => {
  const compiled = compileExpression(text, resource);
  if (compiled.kind === 'malformed') return [invalid(field, compiled.message)];
  if (!signOf(compiled, resource).always) return [];
  return [invalid(field, `is below zero whatever ${resource} is`)];
};

const hasResources = ({ resources }: SidecarContainer): boolean =>
  [resources?.limits, resources?.requests].some((list) => Object.keys(list ?? {}).length > 0);

/**
 * Why a container's resourcesPolicy is refused. An expression that passes can't fail on a Pod, but for a result below
 * zero (see {@link resourcesPolicyWarnings}).
 *
 * @param field of the container
 * @param isInit it is one of `spec.initContainers`: only a native sidecar may have a policy
 */
export const validateResourcesPolicy = (
  sidecar: SidecarContainer,
  field: string,
  { isInit, compile }: { isInit: boolean; compile: CompileRegex },
): StatusCause[] => {
  const policy = sidecar.resourcesPolicy;
  const at = `${field}.resourcesPolicy`;
  if (policy === undefined) return [];
  if (isInit && !isNativeSidecar(sidecar))
    return [forbidden(at, 'an init container may have it only with restartPolicy: Always')];
  if (hasResources(sidecar))
    return [forbidden(at, `can not be combined with ${field}.resources: remove one of them`)];
  const { limits, requests } = policy.resourcesExpr ?? {};
  const isEmpty = limits === undefined && requests === undefined;
  return [
    ...modeCauses(policy.targetContainersMode, `${at}.targetContainersMode`),
    ...regexCauses(sidecar, compile, `${at}.targetContainersNameRegex`),
    ...(isEmpty ? [required(`${at}.resourcesExpr`, 'limits, requests or both')] : []),
    ...expressionsOf(policy, at).flatMap(expressionCauses),
  ];
};

const warning = ({ text, resource, field }: Written): string[] => {
  const compiled = compileExpression(text, resource);
  const below = compiled.kind === 'compiled' ? signOf(compiled, resource).negativeAt : undefined;
  if (compiled.kind === 'malformed' || below === undefined) return [];
  const result = formatQuantity(compiled.evaluate(below));
  return [
    `${field}: gives ${result} where ${resource} is ${formatQuantity(below)}, and such a Pod is refused; max(${text}, 0) is never below zero`,
  ];
};

/** A sentence for each expression of a valid policy that is below zero for some Pods. */
export const resourcesPolicyWarnings = ({ resourcesPolicy }: SidecarContainer, field: string): string[] =>
  resourcesPolicy === undefined
    ? []
    : expressionsOf(resourcesPolicy, `${field}.resourcesPolicy`).flatMap(warning);
