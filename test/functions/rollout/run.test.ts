import { describe, expect, it } from 'vitest';
import type {
  ControllerRevision,
  KubernetesObject,
  LabelSelector,
} from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE } from '../../../shared/model/names.ts';
import { CONTROLLER_REVISIONS, NAMESPACES, PODS, SIDECARSETS } from '../../../shared/model/resources.ts';
import { fleet, makeFleetPod, makeSet, SET } from '../../support/fleet.ts';
import { eventFor } from '../../support/pods.ts';
import { createSetting, RESYNC, type Setting } from './setting.ts';

const revisions = async ({ cluster }: Setting): Promise<ControllerRevision[]> =>
  (await cluster.list<ControllerRevision>(CONTROLLER_REVISIONS)).items;

/** Batch after batch, until a run finds nothing more to do. */
const toTheEnd = async (setting: Setting): Promise<number> => {
  for (let batches = 0; batches < 50; batches++) {
    const outcome = await setting.run();
    if (outcome?.code !== 'RolloutMoved') return batches;
    setting.nodeCatchesUp();
  }
  throw new Error('the rollout does not end');
};

describe('a rollout', () => {
  it('claims, registers the revision, moves a batch, and writes the status last', async () => {
    const setting = createSetting(makeSet('v2', { maxUnavailable: '20%' }), fleet(10, 'v1'));

    const outcome = await setting.run();

    expect(outcome).toMatchObject({
      kind: 'done',
      code: 'RolloutMoved',
      detail: { set: SET, updatedPods: 2 },
    });
    expect(setting.on('v2')).toHaveLength(2);
    const [revision] = await revisions(setting);
    expect(setting.status()).toMatchObject({
      observedGeneration: 1,
      matchedPods: 10,
      updatedPods: 2,
      readyPods: 8,
      latestRevision: revision?.metadata.name,
      collisionCount: 0,
    });
    expect(setting.status().updatedReadyPods).toBeUndefined();
    expect(setting.status().claim).toEqual({
      listed: expect.stringMatching(/^[0-9]+$/),
      at: '2026-03-01T12:00:00.000Z',
      inFlight: { pods: 2, names: ['default/web-0', 'default/web-1'] },
    });
    const writes = setting.cluster.writes();
    expect(writes.slice(0, 2)).toEqual(['replace sidecarsets/status', 'create controllerrevisions']);
    expect(writes.at(-1)).toBe('replace sidecarsets/status');
    expect(writes.filter((write) => write === 'replace sidecarsets/status')).toHaveLength(2);
  });

  it('of an eviction, which names only the Pod, is of the SidecarSets that the Pod carries', async () => {
    const setting = createSetting(makeSet('v2', { maxUnavailable: 1 }), fleet(3, 'v1'));
    const { namespace, name } = setting.pod(0).metadata;
    const eviction = eventFor('rollout', { ref: { kind: 'Pod', namespace, name }, sets: [] });
    expect(await setting.run(eviction)).toMatchObject({ code: 'RolloutMoved', detail: { set: SET } });
  });

  it('names the revision in the Pods that it upgrades, and their condition says that they could be', async () => {
    const setting = createSetting(makeSet('v2'), fleet(1, 'v1'));
    await setting.run();
    const { metadata, status } = setting.pod(0);
    expect(JSON.parse(metadata.annotations?.[ANNOTATION_HASH] ?? '')).toMatchObject({
      [SET]: { hash: 'hash-v2', controllerRevision: setting.status().latestRevision },
    });
    expect(status?.conditions).toEqual([
      expect.objectContaining({ type: 'Ready', status: 'True' }),
      expect.objectContaining({ type: 'SidecarSetUpgradable', status: 'True', message: `{"${SET}":true}` }),
    ]);
  });

  it('waits while a batch is in flight, and writes nothing then', async () => {
    const setting = createSetting(makeSet('v2', { maxUnavailable: 2 }), fleet(5, 'v1'));
    await setting.run();
    setting.cluster.calls.length = 0;
    expect(await setting.run()).toMatchObject({ kind: 'done', code: 'RolloutWaiting' });
    expect(setting.cluster.writes()).toEqual([]);
  });

  it('goes on when the batch is back, to the end', async () => {
    const setting = createSetting(makeSet('v2', { maxUnavailable: '20%' }), fleet(10, 'v1'));
    expect(await toTheEnd(setting)).toBe(5);
    expect(setting.on('v2')).toHaveLength(10);
    expect(setting.status()).toMatchObject({
      matchedPods: 10,
      updatedPods: 10,
      readyPods: 10,
      updatedReadyPods: 10,
    });
  });

  it('moves one of 10 under partition 90%, none while paused, and the rest after that', async () => {
    const setting = createSetting(
      makeSet('v2', { partition: '90%', maxUnavailable: '20%' }),
      fleet(10, 'v1'),
    );
    await toTheEnd(setting);
    expect(setting.on('v2')).toHaveLength(1);

    setting.apply(makeSet('v2', { paused: true, maxUnavailable: '20%' }));
    expect(await setting.run()).toMatchObject({ code: 'RolloutPaused' });
    expect(setting.on('v2')).toHaveLength(1);

    setting.apply(makeSet('v2', { maxUnavailable: '20%' }));
    await toTheEnd(setting);
    expect(setting.on('v2')).toHaveLength(10);
    expect(await revisions(setting)).toHaveLength(1);
  });

  it.each([
    { strategy: { paused: true }, code: 'RolloutPaused' },
    { strategy: { type: 'NotUpdate' }, code: 'RolloutFrozen' },
    { strategy: { selector: {} }, code: 'RolloutInvalid' },
  ])('moves nothing with $code, but the status follows the Pods', async ({ strategy, code }) => {
    const setting = createSetting(makeSet('v2', strategy), fleet(3, 'v1'));
    expect(await setting.run()).toMatchObject({ kind: 'done', code });
    expect(setting.status()).toMatchObject({ matchedPods: 3, updatedPods: 0, readyPods: 3 });

    setting.cluster.put(PODS, makeFleetPod(1, 'v1', { ready: false }));
    await setting.run();
    expect(setting.status()).toMatchObject({ readyPods: 2 });
    expect(setting.on('v1')).toHaveLength(3);
  });

  it('refuses a SidecarSet without hashes, and writes nothing', async () => {
    const set = makeSet('v2');
    const setting = createSetting({ ...set, metadata: { ...set.metadata, annotations: {} } }, fleet(2, 'v1'));
    expect(await setting.run()).toMatchObject({ kind: 'done', code: 'RolloutUnhashed' });
    expect(setting.cluster.writes()).toEqual([]);
  });

  it('writes nothing where the status is true already', async () => {
    const setting = createSetting(makeSet('v1'), fleet(3, 'v1'));
    await setting.run();
    setting.cluster.calls.length = 0;
    expect(await setting.run()).toMatchObject({ kind: 'done', code: 'RolloutNothing' });
    expect(setting.cluster.writes()).toEqual([]);
  });

  it('serves every SidecarSet of a Pod event', async () => {
    const setting = createSetting(makeSet('v2'), fleet(1, 'v1'));
    const ref = { kind: 'Pod' as const, namespace: 'default', name: 'web-0' };
    const outcome = await setting.run(eventFor('rollout', { ref, sets: ['absent', SET] }));
    expect(outcome).toMatchObject({ kind: 'done', code: 'ObjectGone', detail: { set: 'absent' } });
    expect(setting.on('v2')).toHaveLength(1);
  });
});

describe('Pods that are not upgradable', () => {
  const stuck = () => {
    const pod = makeFleetPod(0, 'v1');
    const other = JSON.stringify({ [SET]: { hash: 'other-shape' } });
    const annotations = { ...pod.metadata.annotations, [ANNOTATION_HASH_WITHOUT_IMAGE]: other };
    return createSetting(makeSet('v2'), [{ ...pod, metadata: { ...pod.metadata, annotations } }]);
  };

  it('get the condition, and the SidecarSet an Event, once', async () => {
    const setting = stuck();
    await setting.run();
    expect(setting.pod(0).status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'SidecarSetUpgradable',
        status: 'False',
        reason: 'UpdateImmutableField',
      }),
    );
    const events = setting.cluster.calls.filter(
      ({ verb, resource }) => verb === 'create' && resource === 'events',
    );
    expect(events.map(({ body }) => body)).toMatchObject([
      { type: 'Normal', reason: 'NotUpgradablePods', involvedObject: { kind: 'SidecarSet', name: SET } },
    ]);
    setting.cluster.calls.length = 0;
    await setting.run();
    expect(setting.cluster.writes()).toEqual([]);
  });

  it('get the condition again when it is lost, though the status is true', async () => {
    const setting = stuck();
    await setting.run();
    const pod = setting.pod(0);
    setting.cluster.put(PODS, { ...pod, status: { ...pod.status, conditions: [] } });
    await setting.run();
    expect(setting.pod(0).status?.conditions).toMatchObject([
      { type: 'SidecarSetUpgradable', status: 'False' },
    ]);
  });

  it('are counted even if the Event can not be written', async () => {
    const setting = stuck();
    setting.cluster.before('create', 'events', () => {
      throw new Error('no events today');
    });
    expect(await setting.run()).toMatchObject({
      code: 'RolloutNothing',
      detail: { waiting: { BeyondImage: 1 } },
    });
    expect(setting.log.entries).toMatchObject([{ level: 'warn' }]);
    expect(setting.status()).toMatchObject({ matchedPods: 1, updatedPods: 0 });
  });
});

describe('where a rollout looks', () => {
  const inNamespace = (index: number, namespace: string) => {
    const pod = makeFleetPod(index, 'v1');
    return { ...pod, metadata: { ...pod.metadata, namespace } };
  };
  const pods = [inNamespace(0, 'a'), inNamespace(1, 'b')];

  it.each<{ selector: LabelSelector | undefined; matched: number }>([
    { selector: undefined, matched: 2 },
    { selector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } }, matched: 1 },
    { selector: { matchLabels: { team: 'x' } }, matched: 1 },
    { selector: { matchLabels: { team: 'nobody' } }, matched: 0 },
  ])('by namespaceSelector $selector are $matched Pods', async ({ selector, matched }) => {
    const setting = createSetting(makeSet('v1', {}, { namespaceSelector: selector }), pods);
    for (const [name, team] of [
      ['a', 'x'],
      ['b', 'y'],
    ] as const) {
      setting.cluster.put<KubernetesObject>(NAMESPACES, { metadata: { name, labels: { team } } });
    }
    await setting.run();
    expect(setting.status().matchedPods).toBe(matched);
  });
});

describe('the revisions of a rollout', () => {
  it('number a rollback anew and keep its name', async () => {
    const setting = createSetting(makeSet('v1'), fleet(1, 'v1'));
    await setting.run();
    const first = setting.status().latestRevision;
    setting.apply(makeSet('v2'));
    await toTheEnd(setting);
    setting.apply(makeSet('v1'));
    await toTheEnd(setting);
    expect(setting.status().latestRevision).toBe(first);
    expect((await revisions(setting)).map(({ revision }) => revision).sort()).toEqual([2, 3]);
  });

  it('come back when they are lost, though the status is true', async () => {
    const setting = createSetting(makeSet('v1'), fleet(1, 'v1'));
    await setting.run();
    const [lost] = await revisions(setting);
    if (!lost) throw new Error('there is a revision');
    setting.cluster.drop(CONTROLLER_REVISIONS, lost.metadata);
    await setting.run();
    expect((await revisions(setting)).map(({ metadata }) => metadata.name)).toEqual([lost.metadata.name]);
  });

  it('are cut to the limit once no Pod carries them', async () => {
    const setting = createSetting(makeSet('v1', {}, { revisionHistoryLimit: 1 }), fleet(1, 'v1'));
    await setting.run();
    setting.apply(makeSet('v2', {}, { revisionHistoryLimit: 1 }));
    await toTheEnd(setting);
    expect((await revisions(setting)).map(({ metadata }) => metadata.name)).toEqual([
      setting.status().latestRevision,
    ]);
  });

  it('count a collision when the name belongs to other content', async () => {
    const setting = createSetting(makeSet('v1'), []);
    await setting.run();
    const [taken] = await revisions(setting);
    if (!taken) throw new Error('there is a revision');
    setting.cluster.put(CONTROLLER_REVISIONS, {
      ...taken,
      metadata: { ...taken.metadata, labels: {} },
      data: { other: 'content' },
    });
    setting.cluster.put(SIDECARSETS, { ...setting.set(), status: undefined });
    await setting.run();
    expect(setting.status()).toMatchObject({ collisionCount: 1 });
    expect(setting.status().latestRevision).not.toBe(taken.metadata.name);
  });
});

describe('an event', () => {
  const podEvent = (resourceVersion?: string) =>
    eventFor('rollout', {
      ref: { kind: 'Pod', namespace: 'default', name: 'web-0', uid: 'uid-0' },
      sets: [SET],
      resourceVersion,
    });

  it('about a Pod that a finished run has listed costs two reads', async () => {
    const setting = createSetting(makeSet('v1'), fleet(3, 'v1'));
    await setting.run();
    setting.cluster.calls.length = 0;
    expect(await setting.run(podEvent('1'))).toMatchObject({ kind: 'done', code: 'RolloutAnswered' });
    expect(setting.cluster.calls.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'get sidecarsets',
      'get pods',
    ]);
  });

  it('that comes twice acts once', async () => {
    const setting = createSetting(makeSet('v2', { maxUnavailable: 2 }), fleet(5, 'v1'));
    const event = eventFor('rollout', {
      ref: { kind: 'SidecarSet', name: SET },
      sets: [SET],
      resourceVersion: '1',
    });
    await setting.run(event);
    setting.nodeCatchesUp();
    expect(await setting.run(event)).toMatchObject({ code: 'RolloutAnswered' });
    expect(setting.on('v2')).toHaveLength(2);
  });

  it('about a Pod that is gone is acted on', async () => {
    const setting = createSetting(makeSet('v1'), fleet(3, 'v1'));
    await setting.run();
    const event = podEvent(setting.pod(0).metadata.resourceVersion);
    setting.cluster.drop(PODS, { namespace: 'default', name: 'web-0' });
    setting.clock.pass(5);
    await setting.run(event);
    expect(setting.status()).toMatchObject({ matchedPods: 2 });
  });

  it('that comes before its write is looked at again, and decided on at the last look', async () => {
    const setting = createSetting(makeSet('v2'), fleet(1, 'v1'));
    const early = podEvent(setting.pod(0).metadata.resourceVersion);
    expect(await setting.run(early)).toEqual({
      kind: 'later',
      code: 'TooEarly',
      seconds: 1,
      event: { ...early, looks: 1 },
    });
    expect(setting.cluster.writes()).toEqual([]);
    expect(await setting.run({ ...early, looks: 3 })).toMatchObject({ code: 'RolloutMoved' });
  });

  it('about a SidecarSet that is not visible yet is looked at again', async () => {
    const setting = createSetting(makeSet('v2'), []);
    const event = { ...RESYNC, ref: { kind: 'SidecarSet' as const, name: 'new' }, sets: ['new'] };
    expect(await setting.run(event)).toMatchObject({ kind: 'later', code: 'TooEarly' });
    expect(await setting.run({ ...event, looks: 3 })).toMatchObject({ kind: 'done', code: 'ObjectGone' });
  });

  it('about a SidecarSet on its way out does nothing', async () => {
    const set = makeSet('v2');
    const metadata = { ...set.metadata, deletionTimestamp: '2026-03-01T11:59:00Z' };
    const setting = createSetting({ ...set, metadata }, fleet(1, 'v1'));
    expect(await setting.run()).toMatchObject({ kind: 'done', code: 'ObjectGone' });
    expect(setting.cluster.writes()).toEqual([]);
  });
});
