/** What the Pod Security Standards would refuse of a sidecar. Only what no setting of the Pod itself could make right. */
import type { Volume } from '../../../model/kubernetes.ts';
import type { SidecarContainer, SidecarSetSpec } from '../../../model/sidecarset.ts';

export const LABEL_ENFORCE = 'pod-security.kubernetes.io/enforce';

/** Capabilities that the baseline lets a container add. */
const BASELINE_CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const RESTRICTED_VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

type Check = (container: SidecarContainer) => string | undefined;

const BASELINE: Check[] = [
  ({ securityContext }) => (securityContext?.privileged ? 'privileged' : undefined),
  ({ ports }) => (ports?.some(({ hostPort }) => hostPort) ? 'a host port' : undefined),
  ({ securityContext }) => {
    const extra = (securityContext?.capabilities?.add ?? []).filter(
      (name) => !BASELINE_CAPABILITIES.has(name),
    );
    return extra.length > 0 ? `the capability ${extra.join(', ')}` : undefined;
  },
  ({ securityContext }) =>
    (securityContext?.procMount ?? 'Default') === 'Default' ? undefined : 'another procMount',
  ({ securityContext }) =>
    securityContext?.seccompProfile?.type === 'Unconfined' ? 'no seccomp profile' : undefined,
];

const RESTRICTED: Check[] = [
  ...BASELINE,
  ({ securityContext }) =>
    securityContext?.allowPrivilegeEscalation === false ? undefined : 'privilege escalation',
  ({ securityContext }) =>
    securityContext?.capabilities?.drop?.includes('ALL')
      ? undefined
      : 'capabilities that it does not drop (ALL)',
  ({ securityContext }) => (securityContext?.runAsNonRoot === false ? 'to run as root' : undefined),
  ({ securityContext }) => (securityContext?.runAsUser === 0 ? 'to run as user 0' : undefined),
];

const CHECKS: ReadonlyMap<string, Check[]> = new Map([
  ['baseline', BASELINE],
  ['restricted', RESTRICTED],
]);

const sourceOf = (volume: Volume): string => Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';

const isRefusedVolume = (volume: Volume, level: string): boolean =>
  level === 'restricted' ? !RESTRICTED_VOLUMES.has(sourceOf(volume)) : sourceOf(volume) === 'hostPath';

/** Each sentence goes on after "of this namespace does not allow". Nothing for `privileged` and unknown levels. */
export const refusedByPodSecurity = (spec: SidecarSetSpec, level: string): string[] => {
  const checks = CHECKS.get(level);
  if (!checks) return [];
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  return [
    ...containers.flatMap((container) =>
      checks.flatMap((check) => {
        const refused = check(container);
        return refused === undefined ? [] : [`container ${container.name} wants ${refused}`];
      }),
    ),
    ...(spec.volumes ?? [])
      .filter((volume) => isRefusedVolume(volume, level))
      .map((volume) => `volume ${volume.name} is a ${sourceOf(volume)}`),
  ];
};
