/** Variables of containers (`ValidateEnv`, `ValidateEnvFrom` of Kubernetes). */
import type { Container, EnvVar, StatusCause } from '../../model/kubernetes.ts';
import { invalid, required } from './cause.ts';

/** Since Kubernetes 1.30 whatever can be printed, but for the sign that ends a name. */
const isName = (name: string): boolean => /^[\x20-\x7e]+$/.test(name) && !name.includes('=');

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'] as const;

const source = ({ value, valueFrom }: EnvVar, field: string): StatusCause[] => {
  if (!valueFrom) return [];
  const known = SOURCES.filter((name) => valueFrom[name] !== undefined);
  // A newer Kubernetes may have other sources.
  const count = Object.keys(valueFrom).length;
  if (count === 0) return [invalid(field, `must specify one of: ${SOURCES.join(', ')}`)];
  if (count > 1) return [invalid(field, 'may not have more than one field specified at a time')];
  if (value) return [invalid(field, 'may not be specified when `value` is not empty')];
  return known.flatMap((name) => {
    const { key, fieldPath, resource } = { key: '', fieldPath: '', resource: '', ...valueFrom[name] };
    if (name === 'fieldRef') return fieldPath ? [] : [required(`${field}.${name}.fieldPath`)];
    if (name === 'resourceFieldRef') return resource ? [] : [required(`${field}.${name}.resource`)];
    return key ? [] : [required(`${field}.${name}.key`)];
  });
};

/** Names that processes can have, and one source for each variable. */
export const validateEnvironment = ({ env = [], envFrom = [] }: Container, field: string): StatusCause[] => [
  ...env.flatMap((variable, index) => {
    const at = `${field}.env[${index}]`;
    if (!variable.name) return [required(`${at}.name`)];
    return [
      ...(isName(variable.name) ? [] : [invalid(`${at}.name`, 'must be printable ASCII without =')]),
      ...source(variable, `${at}.valueFrom`),
    ];
  }),
  ...envFrom.flatMap(({ configMapRef, secretRef }, index) => {
    const at = `${field}.envFrom[${index}]`;
    if (!configMapRef && !secretRef) return [invalid(at, 'must specify one of: configMapRef or secretRef')];
    if (configMapRef && secretRef)
      return [invalid(at, 'may not have more than one field specified at a time')];
    return (configMapRef ?? secretRef)?.name
      ? []
      : [required(`${at}.${configMapRef ? 'configMapRef' : 'secretRef'}.name`)];
  }),
];
