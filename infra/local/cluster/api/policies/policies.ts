/** Admission by ValidatingAdmissionPolicies: those that a binding puts in force. */
import type { Admission } from '../admission/admission.ts';
import { reviewRequest } from '../admission/ask.ts';
import type { Attributes } from '../admission/attributes.ts';
import { variablesOf } from '../admission/conditions.ts';
import { createMatch } from '../admission/match.ts';
import { createSubject } from '../admission/subject.ts';
import { celValue } from '../cel/values.ts';
import type { Converter } from '../conversion/converter.ts';
import { groupResource } from '../errors.ts';
import { at, isObject, type JsonObject, stringsAt, textAt } from '../json.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import type { Registry } from '../registry.ts';
import type { Store } from '../store.ts';
import { ApiError } from '../types.ts';
import { type Policy, policyOf, scopeOf, type Violation, violations } from './policy.ts';

interface Dependencies {
  store: Store;
  registry: Registry;
  converter: Converter;
}

const POLICIES = 'admissionregistration.k8s.io/validatingadmissionpolicies';
const BINDINGS = 'admissionregistration.k8s.io/validatingadmissionpolicybindings';

const CODES: Record<string, number> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 };

/** `forbidden` in the sentence, whatever the reason: as in Kubernetes. */
const denial = ({ type, name }: Attributes, message: string, reason: string): ApiError =>
  new ApiError(
    CODES[reason] ?? 422,
    reason,
    `${groupResource(type)}${name === '' ? '' : ` "${name}"`} is forbidden: ${message}`,
    {
      ...(name !== '' && { name }),
      ...(type.group !== '' && { group: type.group }),
      kind: type.plural,
      causes: [{ message }],
    },
  );

/** The policies, compiled once after each change. */
const followPolicies = (store: Store): (() => Map<string, Policy>) => {
  let policies: Map<string, Policy> | undefined;
  store.subscribe(({ section }) => {
    if (section === POLICIES) policies = undefined;
  });
  return () => {
    policies ??= new Map(store.list(POLICIES).map((policy) => [policy.metadata.name, policyOf(policy)]));
    return policies;
  };
};

/** Options of a connection have no metadata. */
const shown = (request: JsonObject): JsonObject => {
  const { operation, object } = request;
  if (operation !== 'CONNECT' || !isObject(object)) return request;
  const { metadata: _, ...options } = object;
  return { ...request, object: options };
};

const createCheck = ({ store, registry, converter }: Dependencies) => {
  const policies = followPolicies(store);
  const matches = createMatch(store, registry);
  const subjectOf = createSubject(converter);

  const namespaceObject = ({ namespace }: Attributes): ApiObject | null =>
    (namespace !== undefined && store.get('/namespaces', keyOf(undefined, namespace))) || null;

  const found = async (policy: Policy, attributes: Attributes, object: ApiObject | undefined) => {
    const type = matches(policy.scope, attributes, object);
    if (!type) return [];
    const request = reviewRequest(attributes, await subjectOf(type, attributes, object));
    return violations(policy, {
      ...variablesOf(shown(request)),
      namespaceObject: celValue(namespaceObject(attributes)),
    });
  };

  const apply = (binding: ApiObject, violation: Violation, attributes: Attributes): void => {
    const actions = stringsAt(binding, 'spec', 'validationActions');
    const policy = textAt(binding, 'spec', 'policyName');
    const who = `ValidatingAdmissionPolicy '${policy}' with binding '${binding.metadata.name}'`;
    if (actions.includes('Deny'))
      throw denial(attributes, `${who} denied request: ${violation.message}`, violation.reason);
    if (actions.includes('Warn'))
      attributes.warnings.push(`Validation failed for ${who}: ${violation.message}`);
  };

  const inForce = (binding: ApiObject, attributes: Attributes, object: ApiObject | undefined) => {
    const policy = policies().get(textAt(binding, 'spec', 'policyName') ?? '');
    const narrower = at(binding, 'spec', 'matchResources');
    const isOutside = isObject(narrower) && !matches(scopeOf(narrower), attributes, object);
    return isOutside ? undefined : policy;
  };

  return async (attributes: Attributes, object: ApiObject | undefined): Promise<void> => {
    for (const binding of store.list(BINDINGS)) {
      const policy = inForce(binding, attributes, object);
      const against = policy ? await found(policy, attributes, object) : [];
      for (const violation of against) apply(binding, violation, attributes);
    }
  };
};

/** The policies judge before the validating webhooks. */
export const withPolicies = (webhooks: Admission, dependencies: Dependencies): Admission => {
  const check = createCheck(dependencies);
  return {
    mutate: webhooks.mutate,
    async validate(attributes, object) {
      await check(attributes, object);
      // Webhooks are not asked about connections.
      if (attributes.operation !== 'CONNECT') await webhooks.validate(attributes, object);
    },
    async review(attributes) {
      await check(attributes, undefined);
      await webhooks.review(attributes);
    },
  };
};
