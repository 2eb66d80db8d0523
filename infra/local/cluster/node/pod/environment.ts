import type { Container, EnvVar, Pod } from '../../../../../shared/model/kubernetes.ts';
import type { Payload, Source } from '../files/payload.ts';
import { type Address, fieldValue } from './fields.ts';

export type Environment =
  | { kind: 'ready'; variables: Record<string, string> }
  /** A ConfigMap, Secret or key that is not there (yet), or a source that is not supported. */
  | { kind: 'unready'; reason: 'CreateContainerConfigError' | 'NotSupported'; message: string };

export interface EnvironmentInput {
  pod: Pod;
  container: Container;
  address: Address;
  payload: (source: Source) => Payload | undefined;
}

class Unready extends Error {
  readonly reason: 'CreateContainerConfigError' | 'NotSupported';

  constructor(message: string, reason: Unready['reason'] = 'CreateContainerConfigError') {
    super(message);
    this.reason = reason;
  }
}

interface KeyRef {
  name: string;
  key: string;
  optional?: boolean;
}

/** The ConfigMaps and Secrets that a container's environment is made of. */
export const environmentSources = ({ env = [], envFrom = [] }: Container): Source[] => {
  const sources: Source[] = [];
  const add = (kind: Source['kind'], name: string | undefined) => name && sources.push({ kind, name });
  for (const { configMapRef, secretRef } of envFrom) {
    add('ConfigMap', configMapRef?.name);
    add('Secret', secretRef?.name);
  }
  for (const { valueFrom } of env) {
    add('ConfigMap', valueFrom?.configMapKeyRef?.name);
    add('Secret', valueFrom?.secretKeyRef?.name);
  }
  return sources;
};

/** `$(NAME)` becomes the variable's value, `$$` a dollar; a name that is not there stays (`expansion.Expand`). */
export const expand = (text: string, variables: Record<string, string>): string =>
  text.replace(/\$(\$|\(([^)]*)\))/g, (whole, escaped: string, name: string | undefined) => {
    if (escaped === '$') return '$';
    return name !== undefined && Object.hasOwn(variables, name) ? (variables[name] ?? '') : whole;
  });

const found = ({ payload }: EnvironmentInput, source: Source, optional = false): Payload | undefined => {
  const there = payload(source);
  if (there === undefined && !optional) {
    throw new Unready(`${source.kind.toLowerCase()} "${source.name}" not found`);
  }
  return there;
};

const keyValue = (input: EnvironmentInput, kind: Source['kind'], ref: KeyRef): string | undefined => {
  const { name, key, optional } = ref;
  const value = found(input, { kind, name }, optional)?.get(key);
  if (value === undefined && !optional) {
    throw new Unready(`couldn't find key ${key} in ${kind} ${input.pod.metadata.namespace}/${name}`);
  }
  return value?.toString('utf8');
};

const valueFrom = (input: EnvironmentInput, name: string, from: NonNullable<EnvVar['valueFrom']>) => {
  if (from.configMapKeyRef) return keyValue(input, 'ConfigMap', from.configMapKeyRef);
  if (from.secretKeyRef) return keyValue(input, 'Secret', from.secretKeyRef);
  const path = from.fieldRef?.fieldPath;
  const value = path === undefined ? undefined : fieldValue(input.pod, path, input.address);
  if (value !== undefined) return value;
  const source = path === undefined ? Object.keys(from)[0] : `fieldRef ${path}`;
  throw new Unready(`${source} of the variable ${name} is not supported by the local node`, 'NotSupported');
};

const addAll = (input: EnvironmentInput, variables: Record<string, string>): void => {
  for (const { prefix = '', configMapRef, secretRef } of input.container.envFrom ?? []) {
    const [kind, ref] = configMapRef
      ? (['ConfigMap', configMapRef] as const)
      : (['Secret', secretRef] as const);
    if (ref === undefined) continue;
    const entries = found(input, { kind, name: ref.name }, ref.optional) ?? [];
    for (const [key, value] of entries) variables[`${prefix}${key}`] = value.toString('utf8');
  }
};

/**
 * The container's variables as the kubelet makes them: envFrom first, then env in order, a later one wins; a value may
 * use variables that stand before it. An optional source that is missing leaves its variable out.
 */
export const environmentOf = (input: EnvironmentInput): Environment => {
  const variables: Record<string, string> = {};
  try {
    addAll(input, variables);
    for (const { name, value = '', valueFrom: from } of input.container.env ?? []) {
      const resolved = from ? valueFrom(input, name, from) : expand(value, variables);
      if (resolved !== undefined) variables[name] = resolved;
    }
  } catch (fault) {
    if (!(fault instanceof Unready)) throw fault;
    return { kind: 'unready', reason: fault.reason, message: fault.message };
  }
  return { kind: 'ready', variables };
};
