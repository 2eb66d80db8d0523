/** What the local node does not do, by name: a Pod that asks for it is not started. */
import type {
  Container,
  LifecycleHandler,
  Pod,
  Probe,
  Volume,
} from '../../../../../shared/model/kubernetes.ts';
import { harmfulKill } from '../processes/killCommand.ts';

type Fields = Record<string, unknown>;

const refused = (what: string): string => `${what} is not supported by the local node`;

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);

const firstSet = (object: object, fields: string[]): string | undefined =>
  fields.find((field) => isSet((object as Fields)[field]));

const POD_FIELDS = ['hostIPC', 'hostNetwork', 'readinessGates'];
const CONTAINER_FIELDS = ['volumeDevices', 'stdin', 'tty', 'restartPolicyRules'];

/** A sentence when the Pod as a whole can't be run. */
export const podRefusal = ({ spec }: Pod): string | undefined => {
  const field = firstSet(spec, POD_FIELDS);
  if (field !== undefined) return refused(`spec.${field}`);
  const main = spec.containers.find(({ restartPolicy }) => restartPolicy !== undefined);
  if (main) return refused(`restartPolicy of container ${main.name}`);
  const init = spec.initContainers?.find(({ restartPolicy = 'Always' }) => restartPolicy !== 'Always');
  return init && refused(`restartPolicy ${init.restartPolicy} of init container ${init.name}`);
};

const onlyExec = (
  probe: Probe | LifecycleHandler | undefined,
  where: string,
  also?: string,
): string | undefined => {
  const other =
    probe &&
    firstSet(
      probe,
      ['httpGet', 'tcpSocket', 'grpc', 'sleep'].filter((kind) => kind !== also),
    );
  return other && refused(`${where}.${other}`);
};

const handlerRefusal = ({
  livenessProbe,
  readinessProbe,
  startupProbe,
  lifecycle,
}: Container): string | undefined =>
  onlyExec(livenessProbe, 'livenessProbe') ??
  onlyExec(readinessProbe, 'readinessProbe') ??
  onlyExec(startupProbe, 'startupProbe') ??
  onlyExec(lifecycle?.postStart, 'lifecycle.postStart', 'sleep') ??
  onlyExec(lifecycle?.preStop, 'lifecycle.preStop', 'sleep') ??
  (lifecycle && firstSet(lifecycle, ['stopSignal']) ? refused('lifecycle.stopSignal') : undefined);

const mountRefusal = ({ volumeMounts = [] }: Container): string | undefined => {
  for (const { mountPath, subPath, subPathExpr } of volumeMounts) {
    if (subPathExpr) return refused(`subPathExpr of the mount ${mountPath}`);
    if (!/^\/+[^/]/.test(mountPath)) return refused(`the mount path ${mountPath}`);
    if (/(^|\/)\.\.(\/|$)/.test(`${mountPath}/${subPath ?? ''}`))
      return refused(`".." in the mount ${mountPath}`);
  }
  return undefined;
};

/** There is no PID namespace: what a container's scripts say to process 1 would reach the machine's own. */
const killRefusal = (container: Container): string | undefined => {
  const { command = [], args = [], livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  const commands = [[...command, ...args], ...handlers.map((handler) => handler?.exec?.command ?? [])];
  const found = commands.map(harmfulKill).find((text) => text !== undefined);
  return found && refused(`"${found}" (there is no PID namespace)`);
};

/** A resize would have to start it again; here nothing but its image does. */
const resizeRefusal = (container: Container): string | undefined => {
  const policies = 'resizePolicy' in container ? container.resizePolicy : undefined;
  const restarts =
    Array.isArray(policies) && policies.some(({ restartPolicy }) => restartPolicy === 'RestartContainer');
  return restarts ? refused('resizePolicy RestartContainer of a container') : undefined;
};

/**
 * A sentence when the container can't be started.
 *
 * @param isKiller the node itself delivers the signal that the container's command sends
 */
export const containerRefusal = (container: Container, isKiller = false): string | undefined => {
  const field = firstSet(container, CONTAINER_FIELDS);
  if (field !== undefined) return refused(`${field} of a container`);
  return (
    handlerRefusal(container) ??
    mountRefusal(container) ??
    resizeRefusal(container) ??
    (isKiller ? undefined : killRefusal(container))
  );
};

const SOURCES = ['name', 'emptyDir', 'secret', 'configMap', 'downwardAPI', 'projected'];
const PROJECTED_SOURCES = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'];

/** A sentence when the volume can't be provided. */
export const volumeRefusal = (volume: Volume): string | undefined => {
  const other = Object.keys(volume).find((key) => !SOURCES.includes(key));
  if (other !== undefined) return refused(`${other} of volume ${volume.name}`);
  const projected = volume.projected?.sources ?? [];
  const source = projected.flatMap(Object.keys).find((key) => !PROJECTED_SOURCES.includes(key));
  if (source !== undefined) return refused(`${source} in projected volume ${volume.name}`);
  const items = [volume, ...projected].flatMap(({ downwardAPI }) => downwardAPI?.items ?? []);
  const item = items.find(({ fieldRef }) => fieldRef === undefined);
  return item && refused(`resourceFieldRef of ${item.path} in volume ${volume.name}`);
};
