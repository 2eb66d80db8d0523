/** Each function at its work, with its own identity, so that it makes each of its calls once. */
import { createLaunch } from '../../../functions/launch/run.ts';
import { createResync } from '../../../functions/resync/run.ts';
import { createRollout } from '../../../functions/rollout/run.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { ControllerRevision, Pod, PodStatus } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_UPGRADE_JOBS,
  LABEL_SIDECARSET_NAME,
  SYSTEM_NAMESPACE,
} from '../../../shared/model/names.ts';
import type { Outcome } from '../../../shared/model/outcome.ts';
import { CONFIG_MAPS, CONTROLLER_REVISIONS, PODS, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import { createFakeBus, createFakeLog } from '../../support/fakes.ts';
import { makeSet, SET } from '../../support/fleet.ts';
import { behind, ended, eventFor, main, RUNNING, statusOf, WAITING } from '../../support/pods.ts';
import type { Setting } from './setting.ts';
import { recreate, recreateBlocked, resizePod, upgradeHot, upgradeNative } from './upgrades.ts';

export const NAMESPACE = 'work';
export const POD = 'job-x';
const SECOND_POD = 'job-y';

/** Image `agent:<tag>`; every namespace that has a name is selected. */
export const setOf = (tag: string): SidecarSet => {
  const { metadata, ...set } = makeSet(tag, {}, { revisionHistoryLimit: 2 });
  const { name, annotations } = metadata;
  const env = [
    { name: 'KRUISE_CONTAINER_PRIORITY', value: '1' },
    { name: 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT', value: 'true' },
  ];
  const containers = [{ name: 'agent', image: `agent:${tag}`, env }];
  const namespaceSelector = {
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'Exists' }],
  };
  return {
    ...set,
    // The Pod is one of a Job.
    metadata: { name, annotations: { ...annotations, [ANNOTATION_UPGRADE_JOBS]: 'true' } },
    spec: { ...set.spec, containers, namespaceSelector },
  } as SidecarSet;
};

/** What a kubelet would write. */
const report = ({ admin }: Setting, status: PodStatus): Promise<Pod> =>
  admin.patch(
    PODS,
    { namespace: NAMESPACE, name: POD },
    { status },
    { type: 'merge', subresource: 'status' },
  );

const uidOf = async ({ admin }: Setting, name: string): Promise<string | undefined> =>
  (await admin.get<Pod>(PODS, { namespace: NAMESPACE, name }))?.metadata.uid;

const codes = (outcomes: Outcome[]): string[] => outcomes.map(({ code }) => code);

/** First level, second level, and a ConfigMap that a Pod of the same name has left behind. */
export const launchPods = async (setting: Setting): Promise<string[]> => {
  const { admin, clusters } = setting;
  const launch = createLaunch({ cluster: clusters.launch, clock: systemClock });
  const run = async (name: string): Promise<string[]> => {
    const ref = { kind: 'Pod' as const, namespace: NAMESPACE, name, uid: await uidOf(setting, name) };
    return codes(await launch(eventFor('launch', { ref })));
  };
  const first = await run(POD);
  await report(setting, { containerStatuses: [statusOf('agent', RUNNING, true), statusOf('main', WAITING)] });
  const second = await run(POD);

  const name = `${SECOND_POD}-barrier`;
  const containers = [behind(0, main())].map((container) => ({
    ...container,
    env: container.env?.map((variable) =>
      variable.valueFrom ? { ...variable, valueFrom: { configMapKeyRef: { name, key: 'p_0' } } } : variable,
    ),
  }));
  await admin.create<Pod>(PODS, {
    metadata: { name: SECOND_POD, namespace: NAMESPACE },
    spec: { containers },
  });
  await admin.create(CONFIG_MAPS, {
    metadata: {
      name,
      namespace: NAMESPACE,
      // Holds it against the garbage collector, as its owner is gone.
      finalizers: ['test.sidecarset.io/held'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: SECOND_POD, uid: 'gone' }],
    },
  });
  return [...first, ...second, ...(await run(SECOND_POD))];
};

const applySet = async ({ admin }: Setting, tag: string, shape = 'shape'): Promise<void> => {
  const stored = await admin.get<SidecarSet>(SIDECARSETS, { name: SET });
  const { metadata, spec } = setOf(tag);
  const annotations = { ...metadata.annotations, 'kruise.io/sidecarset-hash-without-image': shape };
  await admin.replace(SIDECARSETS, {
    ...setOf(tag),
    metadata: { ...stored?.metadata, name: SET, annotations },
    spec,
  });
};

/** A revision that is not found by its label any more, and so meets the next run by its name. */
const hideLatestRevision = async ({ admin }: Setting): Promise<void> => {
  const { items } = await admin.list<ControllerRevision>(CONTROLLER_REVISIONS, {
    namespace: SYSTEM_NAMESPACE,
  });
  const latest = items.toSorted((a, b) => a.revision - b.revision).at(-1);
  if (latest === undefined) throw new Error('there is no revision');
  const patch = { metadata: { labels: { [LABEL_SIDECARSET_NAME]: null } } };
  await admin.patch(CONTROLLER_REVISIONS, latest.metadata, patch, { type: 'merge' });
};

/** Forward, back, forward until revisions are superfluous, and a change that is not possible in place. */
export const rollOut = async (setting: Setting): Promise<string[]> => {
  await report(setting, { containerStatuses: [statusOf('agent', RUNNING), statusOf('main', RUNNING)] });
  let runs = 0;
  const rollout = createRollout({
    cluster: setting.clusters.rollout,
    clock: systemClock,
    log: createFakeLog(),
    newHolder: () => `run-${++runs}`,
  });
  const run = async (): Promise<string[]> => {
    const event = eventFor('rollout', { ref: { kind: 'SidecarSet', name: SET }, sets: [SET] });
    return codes(await rollout(event, { deadline: new Date(Date.now() + 50_000) }));
  };
  const found: string[] = [];
  for (const tag of ['v2', 'v1', 'v2', 'v3', 'v4', 'v5']) {
    await applySet(setting, tag);
    found.push(...(await run()));
  }
  await hideLatestRevision(setting);
  for (const tag of ['v5', 'v6']) {
    await applySet(setting, tag, 'another shape');
    found.push(...(await run()));
  }
  const ref = { kind: 'Pod' as const, namespace: NAMESPACE, name: POD };
  const ofPod = await rollout(eventFor('rollout', { ref, sets: [SET], resourceVersion: '1' }), {
    deadline: new Date(Date.now() + 50_000),
  });
  return [...found, ...codes(ofPod)];
};

/** Each way to upgrade a running Pod. */
export const upgradeInEveryWay = async (setting: Setting): Promise<string[]> => {
  const found: string[] = [];
  const ways = { native: upgradeNative, hot: upgradeHot, resized: resizePod, recreated: recreateBlocked };
  for (const [name, way] of Object.entries(ways))
    found.push(...(await way(setting, { namespace: NAMESPACE, name })));
  return [...found, ...(await recreate(setting, { namespace: NAMESPACE, name: 'recreated' }))];
};

/** What is sent about the first SidecarSet and its Pod, whose main container has ended. */
export const resync = async (setting: Setting): Promise<string[]> => {
  const { clusters } = setting;
  await report(setting, {
    phase: 'Running',
    containerStatuses: [statusOf('agent', RUNNING), statusOf('main', ended(0))],
  });
  const bus = createFakeBus();
  const run = createResync({
    name: 'test',
    cluster: clusters.resync,
    bus,
    clock: systemClock,
    log: createFakeLog(),
  });
  await run({ what: 'pods' });
  await run({ what: 'sidecarsets' });
  return bus.published
    .filter(({ ref: { name } }) => name === POD || name === SET)
    .map(({ calls, ref }) => `${calls[0]} ${ref.name}`);
};
