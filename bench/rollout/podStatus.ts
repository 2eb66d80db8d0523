/** What a kubelet reports of a Pod. */
import { createHash } from 'node:crypto';
import { containerStatus } from '../../shared/core/resources/pod.ts';
import type { Condition, Container, ContainerStatus, Pod, PodStatus } from '../../shared/model/kubernetes.ts';
import { wholeSeconds } from '../../shared/model/time.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const repository = (image: string): string => image.replace(/:[^/:]*$/, '');

export const imageID = (image = ''): string => `${repository(image)}@sha256:${sha256(image)}`;

const containerID = (pod: Pod, name: string, restarts: number): string =>
  `containerd://${sha256(`${pod.metadata.uid} ${name} ${restarts}`)}`;

/** The containers whose images are not those that run. */
export const outdated = (pod: Pod): Container[] =>
  pod.spec.containers.filter(({ name, image }) => containerStatus(pod, name)?.image !== image);

const running = (pod: Pod, { name, image = '' }: Container, now: string): ContainerStatus => {
  const before = containerStatus(pod, name);
  const restartCount = before === undefined ? 0 : before.restartCount + 1;
  return {
    name,
    image,
    imageID: imageID(image),
    containerID: containerID(pod, name, restartCount),
    ready: true,
    started: true,
    restartCount,
    state: { running: { startedAt: now } },
    lastState: before?.state?.terminated ? { terminated: before.state.terminated } : {},
  };
};

const ended = (status: ContainerStatus, now: string): ContainerStatus => ({
  ...status,
  ready: false,
  started: false,
  state: {
    terminated: {
      exitCode: 0,
      reason: 'Completed',
      startedAt: status.state?.running?.startedAt,
      finishedAt: now,
      containerID: status.containerID,
    },
  },
});

const READINESS = ['Ready', 'ContainersReady'];
const ALWAYS = ['PodReadyToStartContainers', 'Initialized', 'PodScheduled'];

const condition = (pod: Pod, type: string, isTrue: boolean, now: string): Condition => {
  const status = isTrue ? 'True' : 'False';
  const before = pod.status?.conditions?.find((each) => each.type === type);
  return {
    type,
    status,
    lastProbeTime: null,
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
    observedGeneration: pod.metadata.generation,
    ...(!isTrue && { reason: 'ContainersNotReady', message: 'containers with unready status: [agent]' }),
  };
};

/** An address for each Pod: one that several have is not plausible. */
const addressOf = ({ metadata: { name } }: Pod): string => {
  const index = Number(/[0-9]+$/.exec(name)?.[0] ?? 0);
  return `10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
};

const report = (pod: Pod, isReady: boolean, containerStatuses: ContainerStatus[], now: string): PodStatus => {
  const podIP = pod.status?.podIP ?? addressOf(pod);
  return {
    observedGeneration: pod.metadata.generation,
    phase: 'Running',
    hostIP: '10.0.0.1',
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: pod.status?.startTime ?? now,
    conditions: [
      ...READINESS.map((type) => condition(pod, type, isReady, now)),
      ...ALWAYS.map((type) => condition(pod, type, true, now)),
    ],
    containerStatuses,
  };
};

const sorted = (statuses: ContainerStatus[]): ContainerStatus[] =>
  statuses.toSorted((a, b) => a.name.localeCompare(b.name));

/** The containers whose images have changed have ended; `now` in RFC 3339. */
export const downStatus = (pod: Pod, now = wholeSeconds(new Date())): PodStatus => {
  const names = new Set(outdated(pod).map(({ name }) => name));
  const statuses = (pod.status?.containerStatuses ?? []).map((status) =>
    names.has(status.name) ? ended(status, now) : status,
  );
  return report(pod, false, statuses, now);
};

/** Every container runs the image that the spec wants. */
export const upStatus = (pod: Pod, now = wholeSeconds(new Date())): PodStatus => {
  const names = new Set(outdated(pod).map(({ name }) => name));
  const statuses = pod.spec.containers.map((container) => {
    const status = containerStatus(pod, container.name);
    return status === undefined || names.has(container.name) ? running(pod, container, now) : status;
  });
  return report(pod, true, sorted(statuses), now);
};
