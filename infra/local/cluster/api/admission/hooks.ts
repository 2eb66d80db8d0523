/** Webhooks as their configurations describe them, in the order in which they are called. */
import type { LabelSelector } from '../../../../../shared/model/kubernetes.ts';
import type { Expression } from '../cel/compile.ts';
import { type JsonObject, objectsAt, own, stringsAt, textAt } from '../json.ts';
import { selectorOf } from '../kinds/selectorOf.ts';
import type { ApiObject } from '../objects.ts';
import type { Store } from '../store.ts';
import { conditionsOf } from './conditions.ts';

export interface Rule {
  operations: string[];
  apiGroups: string[];
  apiVersions: string[];
  resources: string[];
  scope: string;
}

export interface Hook {
  name: string;
  url: string;
  caBundle: string | undefined;
  rules: Rule[];
  namespaceSelector: LabelSelector;
  objectSelector: LabelSelector;
  /** failurePolicy Ignore: a webhook that can't be asked is passed over. */
  ignoresFailure: boolean;
  /** matchPolicy Equivalent: a rule for one version of a resource stands for all. */
  matchesEquivalent: boolean;
  reinvokes: boolean;
  timeoutSeconds: number;
  conditions: Expression[];
}

export const ruleOf = (rule: JsonObject): Rule => ({
  operations: stringsAt(rule, 'operations'),
  apiGroups: stringsAt(rule, 'apiGroups'),
  apiVersions: stringsAt(rule, 'apiVersions'),
  resources: stringsAt(rule, 'resources'),
  scope: textAt(rule, 'scope') ?? '*',
});

const hookOf = (webhook: JsonObject): Hook => ({
  name: textAt(webhook, 'name') ?? '',
  url: textAt(webhook, 'clientConfig', 'url') ?? '',
  caBundle: textAt(webhook, 'clientConfig', 'caBundle'),
  rules: objectsAt(webhook, 'rules').map(ruleOf),
  namespaceSelector: selectorOf(own(webhook, 'namespaceSelector')),
  objectSelector: selectorOf(own(webhook, 'objectSelector')),
  ignoresFailure: own(webhook, 'failurePolicy') === 'Ignore',
  matchesEquivalent: own(webhook, 'matchPolicy') !== 'Exact',
  reinvokes: own(webhook, 'reinvocationPolicy') === 'IfNeeded',
  timeoutSeconds: Number(own(webhook, 'timeoutSeconds') ?? 10),
  conditions: conditionsOf(webhook),
});

const hooksOf = (configuration: ApiObject): Hook[] => objectsAt(configuration, 'webhooks').map(hookOf);

/** The hooks of a kind of configuration, by its name, read anew only after a change. */
export const followHooks = (store: Store, plural: string): (() => Hook[]) => {
  const section = `admissionregistration.k8s.io/${plural}`;
  let hooks: Hook[] | undefined;
  store.subscribe((change) => {
    if (change.section === section) hooks = undefined;
  });
  return () => {
    hooks ??= store.list(section).flatMap(hooksOf);
    return hooks;
  };
};
