/**
 * A kubelet for every node: it runs nothing. It looks at a Pod some time after it has seen it first and when an annotation
 * has woken it, and reports containers whose key is there as running and ready after the time that a real one takes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { configMapName } from '../../shared/core/launch/configMap.ts';
import { barriers } from '../../shared/core/resources/barrier.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ConfigMap, ContainerStatus, Pod, PodStatus } from '../../shared/model/kubernetes.ts';
import { ANNOTATION_LAUNCH_OPENED } from '../../shared/model/names.ts';
import { PODS } from '../../shared/model/resources.ts';
import { wholeSeconds } from '../../shared/model/time.ts';
import { createLanes, patiently } from '../support/patience.ts';

/** From key and poke to the process, and from a new Pod to the first look for a key, as on a real kubelet. */
const START_MILLISECONDS = 120;
const SANDBOX_MILLISECONDS = 500;
/** To its next look by itself. */
const RETRY_MILLISECONDS = 12_500;

export interface KubeletOptions {
  cluster: Cluster;
  /** Connections. */
  workers: number;
  signal: AbortSignal;
  onFault: (fault: unknown) => void;
}

export interface Kubelet {
  /** A Pod of its nodes, whenever it has changed. */
  takePod(before: Pod | undefined, after: Pod): void;
  takeConfigMap(configMap: ConfigMap): void;
}

const statusOf = (name: string, image: string, isRunning: boolean, now: string): ContainerStatus => ({
  name,
  image,
  imageID: isRunning ? `${image}@sha256:0` : '',
  containerID: isRunning ? `containerd://${name}` : '',
  ready: isRunning,
  started: isRunning,
  restartCount: 0,
  state: isRunning
    ? { running: { startedAt: now } }
    : { waiting: { reason: 'CreateContainerConfigError', message: `couldn't find key in ConfigMap` } },
});

const opened = ({ metadata }: Pod): string | undefined => metadata.annotations?.[ANNOTATION_LAUNCH_OPENED];

const report = ({ spec: { containers } }: Pod, running: ReadonlySet<string>): PodStatus => {
  const now = wholeSeconds(new Date());
  const isReady = containers.every(({ name }) => running.has(name));
  return {
    phase: isReady ? 'Running' : 'Pending',
    startTime: now,
    conditions: [
      { type: 'Initialized', status: 'True', lastTransitionTime: now },
      { type: 'ContainersReady', status: isReady ? 'True' : 'False', lastTransitionTime: now },
      { type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: now },
    ],
    containerStatuses: containers.map(({ name, image = '' }) =>
      statusOf(name, image, running.has(name), now),
    ),
  };
};

interface Known {
  pod: Pod;
  /** Containers that run or are about to. */
  started: Set<string>;
  /** Something has changed since the last look. */
  isWoken: boolean;
}

export const createKubelet = ({ cluster, workers, signal, onFault }: KubeletOptions): Kubelet => {
  const inLane = createLanes(workers);
  /** By name of the ConfigMap: the Pod that waits for it, and the keys that are there. */
  const pods = new Map<string, Known>();
  const keys = new Map<string, Set<string>>();

  const write = ({ metadata: { namespace, name, uid } }: Pod, status: PodStatus): Promise<unknown> => {
    const patch = { metadata: { uid }, status };
    const options = { type: 'strategic', subresource: 'status' } as const;
    return inLane(() => patiently(() => cluster.patch(PODS, { namespace, name }, patch, options), signal));
  };

  /** Starts what can be started. A first look that finds nothing is reported, as every container waits then. */
  const look = async (known: Known, isFirst = false): Promise<void> => {
    const { pod, started } = known;
    const due = barriers(pod).filter(
      ({ container, configMap, key }) => !started.has(container) && keys.get(configMap)?.has(key),
    );
    if (due.length === 0) {
      if (isFirst) await write(pod, report(pod, started));
      return;
    }
    known.isWoken = false;
    for (const { container } of due) started.add(container);
    await pause(START_MILLISECONDS, undefined, { signal });
    await write(pod, report(pod, started));
  };

  const begin = async (known: Known): Promise<void> => {
    await pause(SANDBOX_MILLISECONDS, undefined, { signal });
    await look(known, true);
    while (known.started.size === 0) {
      await pause(RETRY_MILLISECONDS, undefined, { signal });
      await look(known);
    }
  };

  const caught = (work: Promise<void>): void =>
    void work.catch((fault: unknown) => signal.aborted || onFault(fault));

  return {
    takePod(before, pod) {
      const name = configMapName(pod) ?? '';
      const known = pods.get(name) ?? { pod, started: new Set(), isWoken: false };
      pods.set(name, known);
      if (before === undefined) caught(begin(known));
      else if (opened(before) !== opened(pod)) {
        known.isWoken = true;
        caught(look(known));
      }
    },
    takeConfigMap({ metadata: { name }, data = {} }) {
      keys.set(name, new Set(Object.keys(data)));
      const known = pods.get(name);
      // Two watches may show key and poke the other way round.
      if (known?.isWoken) caught(look(known));
    },
  };
};
