import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { invalidValue, notImplemented, required } from '../errors.ts';
import { isObject, own, textAt } from '../json.ts';

/** How a webhook is reached: a URL. Throws a 501 for a service, as nothing in this cluster routes to one. */
export const clientConfigCauses = (config: unknown, field: string): StatusCause[] => {
  if (isObject(config) && own(config, 'service') !== undefined) throw notImplemented(`${field}.service is`);
  const url = textAt(config, 'url');
  if (!url) return [required(`${field}.url`)];
  const parsed = URL.parse(url);
  if (!parsed || !['https:', 'http:'].includes(parsed.protocol))
    return [
      invalidValue(`${field}.url`, url, 'url must be a valid URL. For example: "https://[host][:port]/"'),
    ];
  return parsed.search === '' && parsed.hash === ''
    ? []
    : [invalidValue(`${field}.url`, url, 'query parameters and fragments are not permitted in the URL')];
};
