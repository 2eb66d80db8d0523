import type { StatusCause } from '../../model/kubernetes.ts';
import { invalid, required } from './cause.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** A DNS label (RFC 1123): names of containers and volumes. */
export const dnsLabel = (name: string | undefined, field: string): StatusCause[] => {
  if (!name) return [required(field)];
  if (name.length <= 63 && LABEL.test(name)) return [];
  return [invalid(field, 'must be a DNS label: at most 63 of a-z, 0-9 and -, no - at the ends')];
};

const isQualifiedName = (key: string): boolean => {
  const parts = key.split('/');
  const name = parts.pop() ?? '';
  const [prefix] = parts;
  const prefixed = prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix));
  return parts.length <= 1 && prefixed && name.length <= 63 && NAME.test(name);
};

/** The key of a label: `[prefix/]name`. */
export const labelKey = (key: string | undefined, field: string): StatusCause[] => {
  if (!key) return [required(field)];
  return isQualifiedName(key) ? [] : [invalid(field, `${JSON.stringify(key)} is not a label key`)];
};

/** The value of a label; may be empty. */
export const labelValue = (value: string, field: string): StatusCause[] =>
  value === '' || (value.length <= 63 && NAME.test(value))
    ? []
    : [invalid(field, `${JSON.stringify(value)} is not a label value`)];
