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

const NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const IS_NAME = new RegExp(`^${NAME}$`);
const NAME_CHARACTERS =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${NAME}')`;

/** `name` or `prefix.example.com/name`; not for an empty name. */
export const qualifiedNameCauses = (field: string, qualified: string): StatusCause[] => {
  const parts = qualified.split('/');
  const refused = (why: string) => [invalidValue(field, qualified, why)];
  if (parts.length > 2)
    return refused(
      `a qualified name ${NAME_CHARACTERS} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    );
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === '') return refused('prefix part must be non-empty');
  if (prefix !== undefined && !IS_SUBDOMAIN.test(prefix)) return refused(`prefix part ${SUBDOMAIN_SENTENCE}`);
  if (name === '') return refused('name part must be non-empty');
  if (name.length > 63) return refused('name part must be no more than 63 characters');
  return IS_NAME.test(name) ? [] : refused(`name part ${NAME_CHARACTERS}`);
};

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

const DNS_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const IS_DNS_1035 = new RegExp(`^${DNS_1035}$`);
const DNS_1035_SENTENCE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
  `end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${DNS_1035}')`;

/** Undefined for a name that starts with a letter and is an RFC 1123 label. */
export const dns1035Fault = (name: string): string | undefined => {
  const faults = [
    ...(name.length > 63 ? ['must be no more than 63 characters'] : []),
    ...(IS_DNS_1035.test(name) ? [] : [DNS_1035_SENTENCE]),
  ];
  return faults.length > 0 ? faults.join(',') : undefined;
};

export const dns1123SubdomainFault = (name: string): string | undefined => {
  if (name.length > 253) return 'must be no more than 253 characters';
  return IS_SUBDOMAIN.test(name) ? undefined : SUBDOMAIN_SENTENCE;
};
