/** MutatingWebhookConfigurations and ValidatingWebhookConfigurations. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { duplicate, invalidValue, notImplemented, required, unsupportedValue } from '../errors.ts';
import { type JsonObject, objectsAt, own, preset, stringsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';
import { clientConfigCauses } from './clientConfig.ts';
import { matchConditionCauses } from './matchConditions.ts';
import { subdomainCauses } from './names.ts';

const setWebhookDefaults = (webhook: JsonObject): void => {
  preset(webhook, 'failurePolicy', 'Fail');
  preset(webhook, 'matchPolicy', 'Equivalent');
  preset(webhook, 'namespaceSelector', {});
  preset(webhook, 'objectSelector', {});
  preset(webhook, 'timeoutSeconds', 10);
  for (const rule of objectsAt(webhook, 'rules')) preset(rule, 'scope', '*');
};

const CHOICES: Record<string, string[]> = {
  failurePolicy: ['Fail', 'Ignore'],
  matchPolicy: ['Equivalent', 'Exact'],
  sideEffects: ['None', 'NoneOnDryRun'],
};
const OPERATIONS = ['*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT'];

const choiceCauses = (webhook: JsonObject, field: string): StatusCause[] =>
  Object.entries(CHOICES).flatMap(([name, allowed]) => {
    const value = own(webhook, name);
    if (value === undefined) return [required(`${field}.${name}`)];
    return allowed.includes(String(value)) ? [] : [unsupportedValue(`${field}.${name}`, value, allowed)];
  });

const ruleCauses = (rule: JsonObject, field: string): StatusCause[] => [
  ...['operations', 'apiGroups', 'apiVersions', 'resources'].flatMap((list) =>
    stringsAt(rule, list).length > 0 ? [] : [required(`${field}.${list}`)],
  ),
  ...stringsAt(rule, 'operations').flatMap((operation, index) =>
    OPERATIONS.includes(operation)
      ? []
      : [unsupportedValue(`${field}.operations[${index}]`, operation, OPERATIONS)],
  ),
];

const timeoutCauses = (webhook: JsonObject, field: string): StatusCause[] => {
  const seconds = Number(own(webhook, 'timeoutSeconds'));
  const right = Number.isInteger(seconds) && seconds >= 1 && seconds <= 30;
  const why = 'the timeout value must be between 1 and 30 seconds';
  return right ? [] : [invalidValue(`${field}.timeoutSeconds`, own(webhook, 'timeoutSeconds'), why)];
};

const reviewCauses = (webhook: JsonObject, field: string): StatusCause[] => {
  const versions = stringsAt(webhook, 'admissionReviewVersions');
  return versions.includes('v1') || versions.includes('v1beta1')
    ? []
    : [
        invalidValue(
          `${field}.admissionReviewVersions`,
          versions,
          'must include at least one of v1, v1beta1',
        ),
      ];
};

const webhookCauses = (webhook: JsonObject, field: string): StatusCause[] => {
  const reviews = stringsAt(webhook, 'admissionReviewVersions');
  if (reviews.includes('v1beta1') && !reviews.includes('v1'))
    throw notImplemented(`${field}.admissionReviewVersions without v1 is`);
  return [
    ...subdomainCauses(`${field}.name`, textAt(webhook, 'name') ?? ''),
    ...clientConfigCauses(own(webhook, 'clientConfig'), `${field}.clientConfig`),
    ...choiceCauses(webhook, field),
    ...timeoutCauses(webhook, field),
    ...reviewCauses(webhook, field),
    ...objectsAt(webhook, 'rules').flatMap((rule, index) => ruleCauses(rule, `${field}.rules[${index}]`)),
    ...matchConditionCauses(webhook, `${field}.matchConditions`),
  ];
};

const validate = (configuration: ApiObject): StatusCause[] => {
  const seen = new Set<string>();
  return objectsAt(configuration, 'webhooks').flatMap((webhook, index) => {
    const name = textAt(webhook, 'name') ?? '';
    const again = seen.has(name) ? [duplicate(`webhooks[${index}].name`, name)] : [];
    seen.add(name);
    return [...again, ...webhookCauses(webhook, `webhooks[${index}]`)];
  });
};

export const validatingWebhookRules: KindRules = {
  generation: true,
  unconditionalUpdate: false,
  setDefaults(configuration) {
    objectsAt(configuration, 'webhooks').forEach(setWebhookDefaults);
  },
  validate,
};

export const mutatingWebhookRules: KindRules = {
  ...validatingWebhookRules,
  setDefaults(configuration) {
    for (const webhook of objectsAt(configuration, 'webhooks')) {
      setWebhookDefaults(webhook);
      preset(webhook, 'reinvocationPolicy', 'Never');
    }
  },
};
