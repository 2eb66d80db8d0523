import type { Container, LifecycleHandler, Probe } from '../../model/kubernetes.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';
import { canonicalQuantity } from '../revision/quantity.ts';

type HttpGet = NonNullable<Probe['httpGet']>;
type Quantities = Record<string, string>;

const httpGet = (get: HttpGet): HttpGet => ({ ...get, path: get.path || '/', scheme: get.scheme || 'HTTP' });

const withHttpGet = <T extends { httpGet?: HttpGet }>(handler: T): T =>
  handler.httpGet ? { ...handler, httpGet: httpGet(handler.httpGet) } : handler;

const probe = (given: Probe): Probe => ({
  ...withHttpGet(given),
  timeoutSeconds: given.timeoutSeconds || 1,
  periodSeconds: given.periodSeconds || 10,
  successThreshold: given.successThreshold || 1,
  failureThreshold: given.failureThreshold || 3,
});

const lifecycle = (given: NonNullable<Container['lifecycle']>): Container['lifecycle'] => ({
  ...given,
  ...(given.postStart && { postStart: withHttpGet<LifecycleHandler>(given.postStart) }),
  ...(given.preStop && { preStop: withHttpGet<LifecycleHandler>(given.preStop) }),
});

const env = (given: NonNullable<Container['env']>): Container['env'] =>
  given.map((variable) => {
    const fieldRef = variable.valueFrom?.fieldRef;
    if (!fieldRef) return variable;
    const versioned = { ...fieldRef, apiVersion: fieldRef.apiVersion || 'v1' };
    return { ...variable, valueFrom: { ...variable.valueFrom, fieldRef: versioned } };
  });

const quantities = (given: Quantities): Quantities =>
  Object.fromEntries(
    Object.entries(given).map(([resource, amount]) => [
      resource,
      canonicalQuantity(String(amount)) ?? amount,
    ]),
  );

const resources = (given: NonNullable<Container['resources']>): Container['resources'] => ({
  ...given,
  ...(given.limits && { limits: quantities(given.limits) }),
  ...(given.requests && { requests: quantities(given.requests) }),
});

/** `Always` for the tag `latest`, written or implied (neither tag nor digest), else `IfNotPresent`. */
const pullPolicy = (image: string): string => {
  const [name = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  const latest = tag === 'latest' || (tag === undefined && digest === undefined && image !== '');
  return latest ? 'Always' : 'IfNotPresent';
};

/** What Kubernetes itself defaults in a container, as far as OpenKruise does it ahead (startupProbe is left out). */
const containerDefaults = (given: SidecarContainer): SidecarContainer => ({
  ...given,
  imagePullPolicy: given.imagePullPolicy || pullPolicy(given.image ?? ''),
  terminationMessagePath: given.terminationMessagePath || '/dev/termination-log',
  terminationMessagePolicy: given.terminationMessagePolicy || 'File',
  ...(given.ports && {
    ports: given.ports.map((port) => ({ ...port, protocol: port.protocol || 'TCP' })),
  }),
  ...(given.env && { env: env(given.env) }),
  ...(given.livenessProbe && { livenessProbe: probe(given.livenessProbe) }),
  ...(given.readinessProbe && { readinessProbe: probe(given.readinessProbe) }),
  ...(given.lifecycle && { lifecycle: lifecycle(given.lifecycle) }),
  ...(given.resources && { resources: resources(given.resources) }),
});

type Transfers = NonNullable<SidecarContainer['transferEnv']>;

const transfers = (given: Transfers): Transfers =>
  given.map((transfer) => {
    const fieldRef = transfer.sourceContainerNameFrom?.fieldRef;
    if (!fieldRef) return transfer;
    const versioned = { ...fieldRef, apiVersion: fieldRef.apiVersion || 'v1' };
    return {
      ...transfer,
      sourceContainerNameFrom: { ...transfer.sourceContainerNameFrom, fieldRef: versioned },
    };
  });

type Policy = NonNullable<SidecarContainer['resourcesPolicy']>;

const policy = (given: Policy): Policy => ({
  ...given,
  targetContainersNameRegex: given.targetContainersNameRegex || '.*',
});

/** A container of a SidecarSet with its defaults; init containers go after the Pod's own, containers before. */
export const sidecarDefaults = (
  given: SidecarContainer,
  position: NonNullable<SidecarContainer['podInjectPolicy']>,
): SidecarContainer => ({
  ...containerDefaults(given),
  podInjectPolicy: given.podInjectPolicy || position,
  upgradeStrategy: {
    ...given.upgradeStrategy,
    upgradeType: given.upgradeStrategy?.upgradeType || 'ColdUpgrade',
  },
  shareVolumePolicy: { ...given.shareVolumePolicy, type: given.shareVolumePolicy?.type || 'disabled' },
  ...(given.transferEnv && { transferEnv: transfers(given.transferEnv) }),
  ...(given.resourcesPolicy && { resourcesPolicy: policy(given.resourcesPolicy) }),
});
