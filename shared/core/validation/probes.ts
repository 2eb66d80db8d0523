/** Probes and lifecycle hooks (`ValidateProbe`, `validateLifecycle` of Kubernetes). */
import type { Container, LifecycleHandler, Probe, StatusCause } from '../../model/kubernetes.ts';
import { forbidden, invalid, required } from './cause.ts';
import { portNumber, portReference } from './ports.ts';

interface Handlers {
  exec?: { command?: string[] };
  httpGet?: { port?: number | string };
  tcpSocket?: { port?: number | string };
  grpc?: { port?: number };
  sleep?: { seconds?: number };
}

const PROBE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'] as const;
const HOOK_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'sleep'] as const;

const chosen = (handler: Handlers, known: readonly (keyof Handlers)[], field: string): StatusCause[] => {
  const given = known.filter((name) => handler[name] !== undefined);
  if (given.length === 0) return [required(field, `one of ${known.join(', ')}`)];
  return given
    .slice(1)
    .map((name) => forbidden(`${field}.${name}`, 'may not specify more than 1 handler type'));
};

const details = ({ exec, httpGet, tcpSocket, grpc, sleep }: Handlers, field: string): StatusCause[] => [
  ...(exec && !exec.command?.length ? [required(`${field}.exec.command`)] : []),
  ...(httpGet ? portReference(httpGet.port, `${field}.httpGet.port`) : []),
  ...(tcpSocket ? portReference(tcpSocket.port, `${field}.tcpSocket.port`) : []),
  ...(grpc ? portNumber(grpc.port, `${field}.grpc.port`) : []),
  ...(sleep && !((sleep.seconds ?? 0) > 0)
    ? [invalid(`${field}.sleep.seconds`, 'must be greater than 0')]
    : []),
];

const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

const probe = (given: Probe & Handlers, field: string, name: string): StatusCause[] => [
  ...chosen(given, PROBE_HANDLERS, field),
  ...details(given, field),
  ...COUNTS.flatMap((count) =>
    (given[count] ?? 0) < 0 ? [invalid(`${field}.${count}`, 'must be greater than or equal to 0')] : [],
  ),
  ...(name !== 'readinessProbe' && (given.successThreshold ?? 1) > 1
    ? [invalid(`${field}.successThreshold`, 'must be 1')]
    : []),
];

const hook = (given: LifecycleHandler & Handlers, field: string): StatusCause[] => [
  ...chosen(given, HOOK_HANDLERS, field),
  ...details(given, field),
];

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const HOOKS = ['postStart', 'preStop'] as const;

/** @param isPlainInit an init container that runs to its end: it has neither */
export const validateProbes = (container: Container, field: string, isPlainInit: boolean): StatusCause[] => {
  const { lifecycle } = container;
  if (isPlainInit) {
    const why = 'may not be set for init containers without restartPolicy Always';
    return ([...PROBES, 'lifecycle'] as const)
      .filter((name) => container[name] !== undefined)
      .map((name) => forbidden(`${field}.${name}`, why));
  }
  return [
    ...PROBES.flatMap((name) => {
      const given = container[name];
      return given ? probe(given, `${field}.${name}`, name) : [];
    }),
    ...HOOKS.flatMap((name) => {
      const given = lifecycle?.[name];
      return given ? hook(given, `${field}.lifecycle.${name}`) : [];
    }),
  ];
};
