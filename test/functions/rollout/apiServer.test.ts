/** The same rollout on the embedded API server: its patches, preconditions and subresources, and the shipped CRD. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRollout } from '../../../functions/rollout/run.ts';
import { createApiServer } from '../../../infra/local/cluster/api/server.ts';
import { createLocalClient, type LocalClient } from '../../../infra/local/cluster/client.ts';
import type { KubernetesObject, Pod } from '../../../shared/model/kubernetes.ts';
import { SYSTEM_NAMESPACE } from '../../../shared/model/names.ts';
import {
  CONTROLLER_REVISIONS,
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
  NAMESPACES,
  PODS,
  SIDECARSETS,
} from '../../../shared/model/resources.ts';
import type { SidecarSet, UpdateStrategy } from '../../../shared/model/sidecarset.ts';
import { createFakeLog, createFixedClock } from '../../support/fakes.ts';
import { fleet, makeSet, restarted, SET, stopped } from '../../support/fleet.ts';
import { RESYNC } from './setting.ts';

const ROOT = new URL('../../../', import.meta.url);

const asCreated = <T extends KubernetesObject>({ metadata, ...rest }: T): T => {
  const { uid: _uid, resourceVersion: _version, ...kept } = metadata;
  return { ...rest, metadata: kept } as T;
};

/** What the node reports of the Pod. */
const report = (client: LocalClient, { metadata: { namespace, name }, status }: Pod): Promise<Pod> =>
  client.patch(PODS, { namespace, name }, { status }, { type: 'strategic', subresource: 'status' });

const listPods = async (client: LocalClient): Promise<Pod[]> => (await client.list<Pod>(PODS)).items;

const createSetting = async (strategy: UpdateStrategy) => {
  const clock = createFixedClock();
  const client = createLocalClient(createApiServer({ clock }), {
    username: 'admin',
    groups: ['system:masters'],
  });
  await client.create(
    CUSTOM_RESOURCE_DEFINITIONS,
    parse(await readFile(new URL('infra/cluster/crd.yaml', ROOT), 'utf8')),
  );
  await client.create(NAMESPACES, { metadata: { name: SYSTEM_NAMESPACE } });
  await client.create(SIDECARSETS, asCreated(makeSet('v2', strategy)));
  for (const pod of fleet(10, 'v1')) {
    await client.create(PODS, asCreated(pod));
    await report(client, pod);
  }
  let runs = 0;
  const rollout = createRollout({
    cluster: client,
    clock,
    log: createFakeLog(),
    newHolder: () => `run-${++runs}`,
  });
  return {
    client,
    run: async () => (await rollout(RESYNC, { deadline: new Date(clock.now().getTime() + 50_000) }))[0],
    set: () => client.get<SidecarSet>(SIDECARSETS, { name: SET }),
  };
};

describe('on the embedded API server a rollout', () => {
  it('keeps to its budget while several runs meet and Pods come back, and ends with a true status', async () => {
    const { client, run, set } = await createSetting({ maxUnavailable: '20%' });
    const before = await listPods(client);
    const wanted = (pod: Pod) => pod.spec.containers[1]?.image === 'agent:v2';
    const arrived = new Set<string>();

    for (let round = 0; round < 12 && arrived.size < 10; round++) {
      await Promise.all([run(), run(), run()]);
      const inFlight = (await listPods(client)).filter(
        (pod) => wanted(pod) && !arrived.has(pod.metadata.name),
      );
      expect(inFlight.length).toBeLessThanOrEqual(2);
      const [first] = inFlight;
      if (first === undefined) throw new Error('nothing moves');
      await report(client, stopped(first));
      await run();
      await report(client, restarted(first));
      arrived.add(first.metadata.name);
    }
    await run();

    const after = await listPods(client);
    expect(after.map(({ metadata }) => metadata.uid)).toEqual(before.map(({ metadata }) => metadata.uid));
    expect(after.every(wanted)).toBe(true);
    const [revision] = (await client.list(CONTROLLER_REVISIONS, { namespace: SYSTEM_NAMESPACE })).items;
    expect((await set())?.status).toMatchObject({
      matchedPods: 10,
      updatedPods: 10,
      readyPods: 10,
      updatedReadyPods: 10,
      latestRevision: revision?.metadata.name,
    });
  });

  it('leaves the conditions of the node as they are beside its own', async () => {
    const { client, run } = await createSetting({});
    expect(await run()).toMatchObject({ code: 'RolloutMoved' });
    const moved = (await listPods(client)).find(({ spec }) => spec.containers[1]?.image === 'agent:v2');
    expect(moved?.status?.conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'Ready', status: 'True' }),
        expect.objectContaining({ type: 'SidecarSetUpgradable', status: 'True' }),
      ]),
    );
  });

  it('writes the Event about Pods that are not upgradable', async () => {
    const { client, run } = await createSetting({});
    const set = await client.get<SidecarSet>(SIDECARSETS, { name: SET });
    if (set === undefined) throw new Error('there is a SidecarSet');
    const annotations = { ...set.metadata.annotations, 'kruise.io/sidecarset-hash-without-image': 'other' };
    await client.replace(SIDECARSETS, { ...set, metadata: { ...set.metadata, annotations } });
    expect(await run()).toMatchObject({ detail: { waiting: { BeyondImage: 10 } } });
    const events = await client.list<KubernetesObject & { reason?: string }>(EVENTS);
    expect(events.items.map(({ reason }) => reason)).toEqual(['NotUpgradablePods']);
  });

  it('does nothing more once it has said all', async () => {
    const { run, set } = await createSetting({ paused: true });
    await run();
    const first = await set();
    expect(await run()).toMatchObject({ kind: 'done', code: 'RolloutPaused' });
    expect(await set()).toEqual(first);
  });
});
