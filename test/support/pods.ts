/** Pods and events as tests need them: what a case does not say is as plain as can be. */
import type { Call, ClusterEvent } from '../../shared/model/event.ts';
import type {
  Container,
  ContainerState,
  ContainerStatus,
  EnvVar,
  Pod,
  PodSpec,
} from '../../shared/model/kubernetes.ts';
import {
  ENV_BARRIER,
  ENV_IGNORE_EXIT_CODE,
  ENV_INJECTED,
  ENV_TERMINATE,
  ENV_TERMINATE_WITH_IMAGE,
} from '../../shared/model/names.ts';

export const RUNNING: ContainerState = { running: { startedAt: '2026-03-01T11:59:00Z' } };
export const WAITING: ContainerState = { waiting: { reason: 'CreateContainerConfigError' } };
export const ended = (exitCode: number): ContainerState => ({ terminated: { exitCode } });

/** The sidecar that has it is ended by this image. */
export const BY_EXIT_IMAGE: EnvVar = { name: ENV_TERMINATE_WITH_IMAGE, value: 'registry/exit:1' };
/** The exit code of the sidecar that has it does not count. */
export const IGNORED: EnvVar = { name: ENV_IGNORE_EXIT_CODE, value: 'true' };

export const statusOf = (name: string, state: ContainerState, ready = false): ContainerStatus => ({
  name,
  image: `registry/${name}:1`,
  imageID: `registry/${name}@sha256:1`,
  containerID: `containerd://${name}-1`,
  ready,
  started: state.running !== undefined,
  restartCount: 0,
  state,
});

interface PodParts {
  containers: Container[];
  statuses?: ContainerStatus[];
  phase?: NonNullable<Pod['status']>['phase'];
  ready?: boolean;
  metadata?: Partial<Pod['metadata']>;
  spec?: Partial<PodSpec>;
}

/** Pod `default/job-x` of uid `uid-x` under restartPolicy Never. */
export const makePod = ({ containers, statuses, phase, ready = false, metadata, spec }: PodParts): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'job-x', namespace: 'default', uid: 'uid-x', resourceVersion: '7', ...metadata },
  spec: { restartPolicy: 'Never', containers, ...spec },
  status: {
    phase,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: statuses,
  },
});

export const main = (name = 'main'): Container => ({ name, image: `registry/${name}:1` });

/** A sidecar that is injected and is to be ended by a signal. */
export const sidecar = (name = 'side', env: Container['env'] = []): Container => ({
  name,
  image: `registry/${name}:1`,
  env: [{ name: ENV_INJECTED, value: 'true' }, { name: ENV_TERMINATE, value: 'true' }, ...env],
});

/** The container with a launch barrier of Pod `job-x`. */
export const behind = (priority: number, container: Container): Container => ({
  ...container,
  env: [
    ...(container.env ?? []),
    { name: ENV_BARRIER, valueFrom: { configMapKeyRef: { name: 'job-x-barrier', key: `p_${priority}` } } },
  ],
});

/** An event about Pod `default/job-x`. */
export const eventFor = (call: Call, parts: Partial<ClusterEvent> = {}): ClusterEvent => ({
  v: 1,
  cluster: 'test',
  ref: { kind: 'Pod', namespace: 'default', name: 'job-x', uid: 'uid-x' },
  sets: [],
  calls: [call],
  hops: 0,
  looks: 0,
  at: '2026-03-01T12:00:00Z',
  ...parts,
});
