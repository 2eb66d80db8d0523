/** Whether a webhook is to be asked about a request, and in which version. */
import { selects } from '../../../../../shared/core/labels/selector.ts';
import { labelsOf } from '../kinds/selectorOf.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import type { Registry } from '../registry.ts';
import type { ResourceType } from '../resourceType.ts';
import type { Store } from '../store.ts';
import type { Attributes } from './attributes.ts';
import type { Hook, Rule } from './hooks.ts';

/** What says which requests a webhook or a policy is about. */
export type Scope = Pick<Hook, 'rules' | 'namespaceSelector' | 'objectSelector' | 'matchesEquivalent'>;

const lists = (values: string[], value: string): boolean => values.includes('*') || values.includes(value);

/** `pods`, `pods/status`, `pods/*`, `*` (no subresource), `*​/status`, `*​/*`. */
const coversResource = (rule: Rule, plural: string, subresource: string | undefined): boolean =>
  rule.resources.some((pattern) => {
    const [resource, sub] = pattern.split('/');
    if (resource !== '*' && resource !== plural) return false;
    return sub === '*' || sub === subresource;
  });

const coversScope = (rule: Rule, namespaced: boolean): boolean =>
  rule.scope === '*' || rule.scope === (namespaced ? 'Namespaced' : 'Cluster');

const covers = (rule: Rule, { operation, subresource }: Attributes, type: ResourceType): boolean =>
  lists(rule.operations, operation) &&
  lists(rule.apiGroups, type.group) &&
  lists(rule.apiVersions, type.version) &&
  coversResource(rule, type.plural, subresource) &&
  coversScope(rule, type.namespaced);

/** The version in which the webhook wants the object: the request's own, or an equivalent one. */
const wantedType = (hook: Scope, attributes: Attributes, registry: Registry): ResourceType | undefined => {
  const covered = (type: ResourceType) => hook.rules.some((rule) => covers(rule, attributes, type));
  if (covered(attributes.type)) return attributes.type;
  return hook.matchesEquivalent ? registry.versions(attributes.type).find(covered) : undefined;
};

/** Cluster-scoped objects pass every namespaceSelector, but a namespace is judged by its own labels. */
const inNamespace = (
  hook: Scope,
  attributes: Attributes,
  object: ApiObject | undefined,
  store: Store,
): boolean => {
  const { type, namespace, oldObject } = attributes;
  if (type.group === '' && type.plural === 'namespaces')
    return selects(hook.namespaceSelector, labelsOf((object ?? oldObject)?.metadata.labels));
  if (namespace === undefined) return true;
  const holder = store.get('/namespaces', keyOf(undefined, namespace));
  return selects(hook.namespaceSelector, labelsOf(holder?.metadata.labels));
};

const bySelector = (hook: Scope, objects: (ApiObject | undefined)[]): boolean =>
  objects.some(
    (object) => object !== undefined && selects(hook.objectSelector, labelsOf(object.metadata.labels)),
  );

/** Configurations of webhooks and policies are never judged by them: a broken one could not be mended. */
const isExempt = ({ group }: ResourceType): boolean => group === 'admissionregistration.k8s.io';

/** `undefined`: the webhook is not asked. */
export const createMatch =
  (store: Store, registry: Registry) =>
  (hook: Scope, attributes: Attributes, object: ApiObject | undefined): ResourceType | undefined => {
    if (isExempt(attributes.type)) return undefined;
    const type = wantedType(hook, attributes, registry);
    if (!type || !inNamespace(hook, attributes, object, store)) return undefined;
    return bySelector(hook, [object, attributes.oldObject]) ? type : undefined;
  };
