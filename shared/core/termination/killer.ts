/** The ephemeral container that sends SIGTERM to a sidecar in which nothing can be executed. */
import type { Container, EphemeralContainer, Pod } from '../../model/kubernetes.ts';
import { allContainers } from '../resources/pod.ts';
import { type Try, triesOf } from './tries.ts';

const PREFIX = 'sidecarset-end-';
/** The container runtime's code when the end of process 1 takes the killer along: the signal has arrived. */
const TAKEN_ALONG = 137;

const ephemeralNames = ({ spec }: Pod): string[] => (spec.ephemeralContainers ?? []).map(({ name }) => name);

/** Those of the record too: a killer may be recorded and not be there yet. */
const namesIn = (pod: Pod): Set<string> =>
  new Set([
    ...allContainers(pod).map(({ name }) => name),
    ...ephemeralNames(pod),
    ...Object.values(triesOf(pod)).flatMap((tries) => tries.flatMap(({ killer: name }) => name ?? [])),
  ]);

/** Names that no container of the Pod has or had: one that was added stays for ever, and can't be changed. */
export const killerNames = (pod: Pod, count: number): string[] => {
  const taken = namesIn(pod);
  const candidates = Array.from({ length: taken.size + count }, (_, index) => `${PREFIX}${index + 1}`);
  return candidates.filter((name) => !taken.has(name)).slice(0, count);
};

/** Of the sidecar's process as far as the Pod says it; its image may say another. */
const userOf = ({ spec }: Pod, { securityContext }: Container): number | undefined =>
  securityContext?.runAsUser ?? spec.securityContext?.runAsUser;

/**
 * Runs as the user of the sidecar's process, who may signal it, with no more rights than the restricted Pod security
 * standard allows. Where that user is root or not known: root with CAP_KILL, which the baseline standard allows. Without
 * it root may not signal a process that has changed its user since.
 */
export const killer = (pod: Pod, target: Container, name: string, image: string): EphemeralContainer => {
  const user = userOf(pod, target) ?? 0;
  return {
    name,
    image,
    command: ['kill', '-TERM', '1'],
    targetContainerName: target.name,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], ...(user === 0 && { add: ['KILL'] }) },
      runAsUser: user,
      runAsNonRoot: user !== 0,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
};

/** The killer of a try is in the Pod; a function that ended between record and write has not added it. */
export const hasKiller = (pod: Pod, { killer: name }: Try): boolean =>
  name !== undefined && ephemeralNames(pod).includes(name);

/** It has ended without having sent the signal. */
export const killerFailed = ({ status }: Pod, { killer: name }: Try): boolean => {
  const own = status?.ephemeralContainerStatuses?.find((each) => each.name === name);
  const exitCode = own?.state?.terminated?.exitCode ?? 0;
  return exitCode !== 0 && exitCode !== TAKEN_ALONG;
};
