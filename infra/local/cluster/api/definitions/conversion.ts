import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { forbiddenField, invalidValue, notImplemented, required, unsupportedValue } from '../errors.ts';
import { at, isObject, own, stringsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';

const FIELD = 'spec.conversion';
const CLIENT = `${FIELD}.webhookClientConfig`;
const VERSIONS = `${FIELD}.conversionReviewVersions`;
const FORM = 'desired format: https://host[/path]';

const urlCauses = (url: string): StatusCause[] => {
  const field = `${CLIENT}.url`;
  const parsed = URL.parse(url);
  if (!parsed) return [required(field, `url must be a valid URL; ${FORM}`)];
  const { protocol, username, hash, search } = parsed;
  const bad = (value: string, why: string) => (value === '' ? [] : [invalidValue(field, value, why)]);
  const scheme = protocol === 'https:' ? '' : protocol.slice(0, -1);
  return [
    ...bad(scheme, `'https' is the only allowed URL scheme; ${FORM}`),
    ...bad(username, 'user information is not permitted in the URL'),
    ...bad(hash.slice(1), 'fragments are not permitted in the URL'),
    ...bad(search.slice(1), 'query parameters are not permitted in the URL'),
  ];
};

const clientCauses = (client: unknown): StatusCause[] => {
  if (!isObject(client)) return [required(CLIENT, 'required when strategy is set to Webhook')];
  const [url, service] = [textAt(client, 'url'), own(client, 'service')];
  if ((url === undefined) === (service === undefined))
    return [required(CLIENT, 'exactly one of url or service is required')];
  // Nothing in this cluster routes to a service.
  if (url === undefined) throw notImplemented(`${FIELD}.webhook.clientConfig.service is`);
  return urlCauses(url);
};

const reviewCauses = (versions: string[]): StatusCause[] => {
  if (versions.length === 0) return [required(VERSIONS)];
  if (versions.includes('v1')) return [];
  if (versions.includes('v1beta1'))
    throw notImplemented(`${FIELD}.webhook.conversionReviewVersions without v1 is`);
  return [invalidValue(VERSIONS, versions, 'must include at least one of v1, v1beta1')];
};

/** The fields are named as Kubernetes names them inside: `webhookClientConfig` for `webhook.clientConfig`. */
export const conversionCauses = (definition: ApiObject): StatusCause[] => {
  const conversion = at(definition, 'spec', 'conversion');
  const strategy = textAt(conversion, 'strategy') ?? '';
  const client = at(conversion, 'webhook', 'clientConfig');
  const reviews = stringsAt(conversion, 'webhook', 'conversionReviewVersions');
  if (strategy === 'Webhook') return [...clientCauses(client), ...reviewCauses(reviews)];
  const why = 'should not be set when strategy is not set to Webhook';
  return [
    ...(strategy === 'None' ? [] : [unsupportedValue(`${FIELD}.strategy`, strategy, ['None', 'Webhook'])]),
    ...(client === undefined ? [] : [forbiddenField(CLIENT, why)]),
    ...(reviews.length === 0 ? [] : [forbiddenField(VERSIONS, why)]),
  ];
};
