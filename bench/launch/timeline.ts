/** What watches show of a start, and when: milliseconds of `performance.now()`. */
import { barriers } from '../../shared/core/resources/barrier.ts';
import { containerStatus } from '../../shared/core/resources/pod.ts';
import type { ConfigMap, Pod } from '../../shared/model/kubernetes.ts';
import { ANNOTATION_LAUNCH_OPENED } from '../../shared/model/names.ts';

export interface LevelTimes {
  /** The Pod is there, or the level above is ready. */
  due?: number;
  /** The key is in the ConfigMap. */
  key?: number;
  /** The annotation on the Pod says so. */
  poke?: number;
  ready?: number;
  /** Of the cluster, when the key was written and when the level became ready: they count across all objects. */
  keyVersion?: bigint;
  readyVersion?: bigint;
}

export interface PodTimes {
  name: string;
  /** In start order. */
  levels: LevelTimes[];
}

interface Known extends PodTimes {
  keys: string[];
  /** Containers of each level. */
  containers: string[][];
}

export interface Timeline {
  takePod(pod: Pod): void;
  takeConfigMap(configMap: ConfigMap): void;
  /** Pods whose last level is ready. */
  done(prefix: string): PodTimes[];
  /** Changes of Pods and ConfigMaps since the last question: as many as writes. */
  takeWrites(): number;
}

const describe = (pod: Pod): Known => {
  const all = barriers(pod).toSorted((a, b) => b.priority - a.priority);
  const keys = [...new Set(all.map(({ key }) => key))];
  const containers = keys.map((key) =>
    all.filter((barrier) => barrier.key === key).map(({ container }) => container),
  );
  return { name: pod.metadata.name, keys, containers, levels: keys.map(() => ({})) };
};

export const createTimeline = (): Timeline => {
  const pods = new Map<string, Known>();
  const configMaps = new Map<string, string>();
  let writes = 0;

  return {
    takePod(pod) {
      writes += 1;
      const now = performance.now();
      const { name, annotations, resourceVersion = '0' } = pod.metadata;
      const known = pods.get(name) ?? describe(pod);
      pods.set(name, known);
      configMaps.set(barriers(pod)[0]?.configMap ?? '', name);
      const opened = known.keys.indexOf(annotations?.[ANNOTATION_LAUNCH_OPENED] ?? '');
      known.levels.forEach((level, index) => {
        const above = known.levels[index - 1];
        if (known.containers[index]?.every((each) => containerStatus(pod, each)?.ready)) {
          level.ready ??= now;
          level.readyVersion ??= BigInt(resourceVersion);
        }
        if (index === 0 || above?.ready !== undefined) level.due ??= now;
        if (index <= opened) level.poke ??= now;
      });
    },
    takeConfigMap({ metadata: { name, resourceVersion = '0' }, data = {} }) {
      writes += 1;
      const now = performance.now();
      const known = pods.get(configMaps.get(name) ?? '');
      known?.levels.forEach((level, index) => {
        if (data[known.keys[index] ?? ''] === undefined) return;
        level.key ??= now;
        level.keyVersion ??= BigInt(resourceVersion);
      });
    },
    done: (prefix) =>
      [...pods.values()].filter(
        ({ name, levels }) => name.startsWith(prefix) && levels.at(-1)?.ready !== undefined,
      ),
    takeWrites() {
      const taken = writes;
      writes = 0;
      return taken;
    },
  };
};
