/** Names and labels as `apimachinery/pkg/api/validation` wants them. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { invalidValue, required } from '../errors.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const IS_LABEL = new RegExp(`^${LABEL}$`);
const IS_SUBDOMAIN = new RegExp(`^${SUBDOMAIN}$`);

const LABEL_SENTENCE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
  `with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`;
const SUBDOMAIN_SENTENCE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  `and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;

export const labelCauses = (field: string, name: string): StatusCause[] => {
  if (name === '') return [required(field)];
  if (name.length > 63) return [invalidValue(field, name, 'must be no more than 63 characters')];
  return IS_LABEL.test(name) ? [] : [invalidValue(field, name, LABEL_SENTENCE)];
};

export const subdomainCauses = (field: string, name: string): StatusCause[] => {
  if (name === '') return [required(field)];
  if (name.length > 253) return [invalidValue(field, name, 'must be no more than 253 characters')];
  return IS_SUBDOMAIN.test(name) ? [] : [invalidValue(field, name, SUBDOMAIN_SENTENCE)];
};
