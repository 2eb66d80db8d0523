/**
 * `npm run bench:admission`: one review of a Pod of 6 KB with 1, 10 and 100 SidecarSets, of which three select it;
 * microseconds of one core, without the network. "first" compiles every SidecarSet, as a cold function does.
 */
import { createInject } from '../functions/inject/run.ts';
import { withDefaults } from '../shared/core/validation/defaults.ts';
import { systemClock } from '../shared/io/clock.ts';
import { sha256Hex } from '../shared/io/digest.ts';
import type { Log } from '../shared/io/ports.ts';
import type { SidecarSet } from '../shared/model/sidecarset.ts';

const ROUNDS = 2000;
const SELECTING = 3;

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const setOf = (index: number): SidecarSet => {
  const app = index < SELECTING ? 'web' : `other-${index}`;
  const set = withDefaults(
    {
      metadata: { name: `set-${index}` },
      spec: {
        selector: { matchLabels: { app } },
        containers: [
          {
            name: `sidecar-${index}`,
            image: `sidecar:${index}`,
            env: Array.from({ length: 10 }, (_, at) => ({ name: `VARIABLE_${at}`, value: `value ${at}` })),
            volumeMounts: [{ name: `volume-${index}`, mountPath: `/volume-${index}` }],
            shareVolumePolicy: { type: 'enabled' },
            transferEnv: [{ sourceContainerName: 'main', envNames: ['VARIABLE_1', 'VARIABLE_2'] }],
          },
        ],
        volumes: [{ name: `volume-${index}`, emptyDir: {} }],
      },
    },
    sha256Hex,
  );
  return { ...set, metadata: { ...set.metadata, uid: `uid-${index}`, resourceVersion: '1' } };
};

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'pod-', labels: { app: 'web' } },
  spec: {
    restartPolicy: 'Never',
    containers: ['main', 'second'].map((name) => ({
      name,
      image: `${name}:1`,
      env: Array.from({ length: 48 }, (_, at) => ({
        name: `VARIABLE_${at}`,
        value: `a value of some length ${at}`,
      })),
      volumeMounts: [{ name: 'data', mountPath: `/data/${name}` }],
    })),
    volumes: [{ name: 'data', emptyDir: {} }],
  },
};

const body = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'review',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'default',
    operation: 'CREATE',
    userInfo: {},
    object: pod,
    oldObject: null,
  },
});

const measure = async (count: number) => {
  const sets = Array.from({ length: count }, (_, index) => setOf(index));
  const inject = createInject({
    read: async () => ({ sets, namespaceLabels: {}, revisions: [], compileRegex: () => undefined }),
    clock: systemClock,
    random: Math.random,
    digest: sha256Hex,
    log,
  });
  const review = async () => {
    const start = performance.now();
    JSON.stringify(await inject(JSON.parse(body)));
    return (performance.now() - start) * 1000;
  };
  const first = await review();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await review());
  const sorted = times.slice(ROUNDS / 4).sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return { sets: count, 'first µs': Math.round(first), 'p50 µs': at(0.5), 'p99 µs': at(0.99) };
};

console.log(
  `A Pod of ${JSON.stringify(pod).length} bytes, ${SELECTING} SidecarSets select it (or all, if there are fewer).`,
);
// Once for the compiler's sake.
await measure(10);
const rows = [];
for (const count of [1, 10, 100]) rows.push(await measure(count));
console.table(rows);
