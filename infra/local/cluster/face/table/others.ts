/** The remaining built-in kinds as kubectl shows them. */
import type {
  Condition,
  ConfigMap,
  ControllerRevision,
  KubernetesObject,
} from '../../../../../shared/model/kubernetes.ts';
import { AGE, type Column, CREATED_AT, count, integer, labels, NAME, text, wide } from './column.ts';
import { age } from './duration.ts';

const size = (...maps: (object | undefined)[]): number =>
  maps.reduce((sum, map) => sum + Object.keys(map ?? {}).length, 0);

export const CONFIG_MAP_COLUMNS: Column<ConfigMap & { binaryData?: object }>[] = [
  NAME,
  count('Data', ({ data, binaryData }) => size(data, binaryData)),
  AGE,
];

export const SECRET_COLUMNS: Column<KubernetesObject & { type?: string; data?: object }>[] = [
  NAME,
  text('Type', ({ type }) => type ?? 'Opaque'),
  count('Data', ({ data }) => size(data)),
  AGE,
];

export const NAMESPACE_COLUMNS: Column<KubernetesObject & { status?: { phase?: string } }>[] = [
  NAME,
  text('Status', ({ status }) => status?.phase ?? ''),
  AGE,
];

interface Node extends KubernetesObject {
  spec?: { unschedulable?: boolean };
  status?: {
    conditions?: Condition[];
    addresses?: { type: string; address: string }[];
    nodeInfo?: {
      kubeletVersion?: string;
      osImage?: string;
      kernelVersion?: string;
      containerRuntimeVersion?: string;
    };
  };
}

const nodeStatus = ({ spec, status }: Node): string => {
  const ready = (status?.conditions ?? []).find(({ type }) => type === 'Ready');
  const health = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable ? `${health},SchedulingDisabled` : health;
};

const ROLE = 'node-role.kubernetes.io/';

const nodeRoles = ({ metadata }: Node): string =>
  Object.keys(metadata.labels ?? {})
    .filter((key) => key.startsWith(ROLE))
    .map((key) => key.slice(ROLE.length))
    .sort()
    .join(',') || '<none>';

const addressOf =
  (type: string) =>
  ({ status }: Node): string =>
    status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';

export const NODE_COLUMNS: Column<Node>[] = [
  NAME,
  text('Status', nodeStatus),
  text('Roles', nodeRoles),
  AGE,
  text('Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
  wide(text('Internal-IP', addressOf('InternalIP'))),
  wide(text('External-IP', addressOf('ExternalIP'))),
  wide(text('OS-Image', ({ status }) => status?.nodeInfo?.osImage || '<unknown>')),
  wide(text('Kernel-Version', ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>')),
  wide(text('Container-Runtime', ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>')),
];

interface Event extends KubernetesObject {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  involvedObject?: { kind?: string; name?: string; fieldPath?: string };
  source?: { component?: string; host?: string };
}

export const EVENT_COLUMNS: Column<Event>[] = [
  text('Last Seen', ({ lastTimestamp, eventTime }, now) => age(lastTimestamp ?? eventTime, now)),
  text('Type', ({ type }) => type ?? ''),
  text('Reason', ({ reason }) => reason ?? ''),
  text('Object', ({ involvedObject }) => `${involvedObject?.kind?.toLowerCase()}/${involvedObject?.name}`),
  wide(text('Subobject', ({ involvedObject }) => involvedObject?.fieldPath ?? '')),
  wide(text('Source', ({ source }) => [source?.component, source?.host].filter(Boolean).join(', '))),
  text('Message', ({ message }) => (message ?? '').trim()),
  wide(text('First Seen', ({ firstTimestamp, eventTime }, now) => age(firstTimestamp ?? eventTime, now))),
  wide(count('Count', (event) => event.count ?? 1)),
  wide(NAME),
];

interface Service extends KubernetesObject {
  spec?: {
    type?: string;
    clusterIP?: string;
    externalIPs?: string[];
    ports?: { port: number; nodePort?: number; protocol?: string }[];
    selector?: Record<string, string>;
  };
}

const servicePorts = ({ spec }: Service): string =>
  (spec?.ports ?? [])
    .map(({ port, nodePort, protocol = 'TCP' }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
    .join(',') || '<none>';

export const SERVICE_COLUMNS: Column<Service>[] = [
  NAME,
  text('Type', ({ spec }) => spec?.type ?? 'ClusterIP'),
  text('Cluster-IP', ({ spec }) => spec?.clusterIP ?? '<none>'),
  text('External-IP', ({ spec }) => spec?.externalIPs?.join(',') || '<none>'),
  text('Port(s)', servicePorts),
  AGE,
  wide(text('Selector', ({ spec }) => labels(spec?.selector))),
];

const controllerOf = ({ metadata }: KubernetesObject): string => {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner) return '<none>';
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
};

export const CONTROLLER_REVISION_COLUMNS: Column<ControllerRevision>[] = [
  NAME,
  text('Controller', controllerOf),
  count('Revision', ({ revision }) => revision),
  AGE,
];

export const DEFINITION_COLUMNS: Column[] = [NAME, CREATED_AT];

export const WEBHOOK_COLUMNS: Column<KubernetesObject & { webhooks?: unknown[] }>[] = [
  NAME,
  integer('Webhooks', ({ webhooks }) => webhooks?.length),
  AGE,
];
