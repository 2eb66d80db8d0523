import { describe, expect, it } from 'vitest';
import { flip, hotUpgrade, isFlipDue, isMigrating } from '../../../../shared/core/rollout/hotUpgrade.ts';
import { planRollout } from '../../../../shared/core/rollout/plan.ts';
import { flipPatch, podPatch } from '../../../../shared/core/rollout/podPatch.ts';
import { isAvailable } from '../../../../shared/core/rollout/ready.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_INPLACE_UPDATE_STATE,
  ANNOTATION_WORKING,
} from '../../../../shared/model/names.ts';
import type { SidecarSet, UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import {
  annotated,
  EMPTY,
  hotSidecar,
  makeHotPod,
  makeHotSet,
  makeNativePod,
  makeSet,
  patched,
  reporting,
  reshaped,
  starts,
  stops,
  upgraded,
} from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const versioned = (set: SidecarSet, resourceVersion: string): SidecarSet => ({
  ...set,
  metadata: { ...set.metadata, resourceVersion },
});
const hot = (tag: string, resourceVersion = '42', strategy: UpdateStrategy = {}): SidecarSet =>
  versioned(makeHotSet(tag, strategy), resourceVersion);
const old = makeHotPod(0, 'v1');
const flipped = (set: SidecarSet, pod: Pod): Pod => patched(pod, flipPatch(set, pod, NOW));
const images = (pod: Pod): Record<string, string | undefined> =>
  Object.fromEntries(pod.spec.containers.slice(1).map(({ name, image }) => [name, image]));
/** The annotations about the two containers of `mesh`, in short. */
const versions = (pod: Pod): Record<string, string | undefined> => {
  const { annotations = {} } = pod.metadata;
  return {
    working: annotations[ANNOTATION_WORKING],
    one: annotations['version.sidecarset.kruise.io/mesh-1'],
    oneAlt: annotations['versionalt.sidecarset.kruise.io/mesh-1'],
    two: annotations['version.sidecarset.kruise.io/mesh-2'],
    twoAlt: annotations['versionalt.sidecarset.kruise.io/mesh-2'],
  };
};
const countsOf = (set: SidecarSet, pod: Pod): (number | undefined)[] => {
  const { matchedPods, updatedPods, readyPods, updatedReadyPods } = planRollout(set, {
    matched: [pod],
  }).counts;
  return [matchedPods, updatedPods, readyPods, updatedReadyPods];
};

describe('a hot upgrade, from injection to the next one', () => {
  const second = hot('v2', '42');
  const third = hot('v3', '77');
  const migrating = upgraded(second, old);
  const takenOver = starts(migrating, 'mesh-2');
  const emptying = flipped(second, takenOver);
  const done = starts(emptying, 'mesh-1');
  const again = upgraded(third, done);
  const over = starts(flipped(third, starts(again, 'mesh-1')), 'mesh-2');

  it.each<{ moment: string; pod: Pod; counts: number[]; upgrades: number; flips: number; reasons: string[] }>(
    [
      { moment: 'before', pod: old, counts: [1, 0, 1, 0], upgrades: 1, flips: 0, reasons: [] },
      {
        moment: 'while it upgrades',
        pod: migrating,
        counts: [1, 1, 0, 0],
        upgrades: 0,
        flips: 0,
        reasons: ['Migrating'],
      },
      {
        moment: 'while the new one starts',
        pod: stops(migrating, 'mesh-2'),
        counts: [1, 1, 0, 0],
        upgrades: 0,
        flips: 0,
        reasons: ['Migrating'],
      },
      {
        moment: 'when the new one has taken over',
        pod: takenOver,
        counts: [1, 1, 0, 0],
        upgrades: 0,
        flips: 1,
        reasons: ['Migrating'],
      },
      {
        moment: 'while the reset runs',
        pod: emptying,
        counts: [1, 1, 0, 0],
        upgrades: 0,
        flips: 0,
        reasons: ['InFlight'],
      },
      { moment: 'done', pod: done, counts: [1, 1, 1, 1], upgrades: 0, flips: 0, reasons: [] },
    ],
  )('counts $counts $moment', ({ pod, counts, upgrades, flips, reasons }) => {
    const plan = planRollout(second, { matched: [pod] });
    expect(countsOf(second, pod)).toEqual(counts);
    expect([plan.upgrades.length, plan.flips.length]).toEqual([upgrades, flips]);
    expect(plan.waits.map(({ reason }) => reason)).toEqual(reasons);
    expect(plan.held).toHaveLength(counts[1] === 1 && counts[2] === 0 ? 1 : 0);
  });

  it.each<{ moment: string; pod: Pod; two: object }>([
    {
      moment: 'injected',
      pod: old,
      two: { working: '{"mesh":"mesh-1"}', one: '1', oneAlt: '0', two: '0', twoAlt: '1' },
    },
    {
      moment: 'upgraded',
      pod: migrating,
      two: { working: '{"mesh":"mesh-2"}', one: '1', oneAlt: '42', two: '42', twoAlt: '1' },
    },
    {
      moment: 'flipped',
      pod: emptying,
      two: { working: '{"mesh":"mesh-2"}', one: '0', oneAlt: '42', two: '42', twoAlt: '0' },
    },
    {
      moment: 'upgraded again, into the first one',
      pod: again,
      two: { working: '{"mesh":"mesh-1"}', one: '77', oneAlt: '42', two: '42', twoAlt: '77' },
    },
    {
      moment: 'flipped again',
      pod: over,
      two: { working: '{"mesh":"mesh-1"}', one: '77', oneAlt: '0', two: '0', twoAlt: '77' },
    },
  ])('has these annotations when $moment: $two', ({ pod, two }) => {
    expect(versions(pod)).toEqual(two);
  });

  it('alternates between the two containers', () => {
    expect([old, migrating, emptying, again, over].map(images)).toEqual([
      { 'mesh-1': 'mesh:v1', 'mesh-2': EMPTY },
      { 'mesh-1': 'mesh:v1', 'mesh-2': 'mesh:v2' },
      { 'mesh-1': EMPTY, 'mesh-2': 'mesh:v2' },
      { 'mesh-1': 'mesh:v3', 'mesh-2': 'mesh:v2' },
      { 'mesh-1': 'mesh:v3', 'mesh-2': EMPTY },
    ]);
    expect(isAvailable(third, over)).toBe(true);
  });

  it('writes one image, the hashes and the record of that container for the upgrade', () => {
    const patch = podPatch(second, { pod: old, way: 'image' }, 'logs-2', NOW);
    expect(patch.spec).toEqual({ containers: [{ name: 'mesh-2', image: 'mesh:v2' }] });
    expect(JSON.parse(patch.metadata.annotations[ANNOTATION_INPLACE_UPDATE_STATE] ?? '')).toMatchObject({
      logs: { revision: 'hash-v2', lastContainerStatuses: { 'mesh-2': { imageID: `sha256:of-${EMPTY}` } } },
    });
    expect(JSON.parse(patch.metadata.annotations[ANNOTATION_HASH] ?? '')).toMatchObject({
      logs: { hash: 'hash-v2', sidecarList: ['mesh'], controllerRevision: 'logs-2' },
    });
  });

  it('leaves the hashes alone in the flip, which holds for the listed version of this very Pod', () => {
    const patch = flipPatch(second, takenOver, NOW);
    expect(patch.spec).toEqual({ containers: [{ name: 'mesh-1', image: EMPTY }] });
    expect(patch.metadata).toMatchObject({ uid: 'uid-0', resourceVersion: '1' });
    expect(Object.keys(patch.metadata.annotations).toSorted()).toEqual([
      ANNOTATION_INPLACE_UPDATE_STATE,
      'version.sidecarset.kruise.io/mesh-1',
      'versionalt.sidecarset.kruise.io/mesh-2',
    ]);
    expect(JSON.parse(patch.metadata.annotations[ANNOTATION_INPLACE_UPDATE_STATE] ?? '')).toMatchObject({
      logs: {
        lastContainerStatuses: {
          'mesh-1': { imageID: 'sha256:of-mesh:v1' },
          'mesh-2': { imageID: `sha256:of-${EMPTY}` },
        },
      },
    });
  });
});

describe('the flip', () => {
  const set = hot('v2');
  const due = starts(upgraded(set, old), 'mesh-2');

  it.each<{ name: string; strategy: UpdateStrategy; code: string }>([
    { name: 'paused', strategy: { paused: true }, code: 'RolloutPaused' },
    { name: 'NotUpdate', strategy: { type: 'NotUpdate' }, code: 'RolloutFrozen' },
    { name: 'a full partition', strategy: { partition: '100%' }, code: 'RolloutMoved' },
    { name: 'no budget', strategy: { maxUnavailable: 0 }, code: 'RolloutMoved' },
    { name: 'another selector', strategy: { selector: { matchLabels: { a: 'b' } } }, code: 'RolloutMoved' },
  ])('comes under $name', ({ strategy, code }) => {
    const plan = planRollout(hot('v2', '42', strategy), { matched: [due, makeHotPod(1, 'v1')] });
    expect(plan).toMatchObject({ code, flips: [due], upgrades: [] });
  });

  it('does not come while the strategy is not valid', () => {
    expect(planRollout(hot('v2', '42', { maxUnavailable: -1 }), { matched: [due] }).flips).toEqual([]);
  });

  it('keeps the Pod in the budget until it is over', () => {
    const pods = [due, makeHotPod(1, 'v1')];
    expect(planRollout(set, { matched: pods })).toMatchObject({ budget: 0, flips: [due], upgrades: [] });
    const after = flipped(set, due);
    expect(planRollout(set, { matched: [after, makeHotPod(1, 'v1')] })).toMatchObject({
      budget: 0,
      upgrades: [],
    });
    const back = planRollout(set, { matched: [starts(after, 'mesh-1'), makeHotPod(1, 'v1')] });
    expect(back.upgrades).toHaveLength(1);
  });

  it('comes to all Pods at once: they are out already', () => {
    const pods = [0, 1, 2].map((index) => starts(upgraded(set, makeHotPod(index, 'v1')), 'mesh-2'));
    expect(planRollout(set, { matched: pods }).flips).toHaveLength(3);
  });

  it.each<{ name: string; pod: Pod; expected: boolean }>([
    { name: 'nothing was upgraded', pod: old, expected: false },
    { name: 'the node has not begun', pod: upgraded(set, old), expected: false },
    { name: 'the new one starts', pod: stops(upgraded(set, old), 'mesh-2'), expected: false },
    {
      name: 'the new one runs and is not ready',
      pod: starts(upgraded(set, old), 'mesh-2', false),
      expected: false,
    },
    { name: 'the new one is ready', pod: due, expected: true },
    {
      name: 'another container is not ready, the Pod neither',
      pod: reporting(due, 'main', { ready: false }),
      expected: false,
    },
    {
      name: 'the Pod is not ready, all of its containers are: a readiness gate',
      pod: {
        ...due,
        status: { ...due.status, conditions: [{ type: 'Ready', status: 'False' }] },
      },
      expected: true,
    },
    {
      name: 'the old one is down, for good perhaps: it is to leave, so nobody waits for it',
      pod: stops(due, 'mesh-1', 'CrashLoopBackOff'),
      expected: true,
    },
    { name: 'it was flipped', pod: flipped(set, due), expected: false },
  ])('is due, $expected: $name', ({ pod, expected }) => {
    expect(isFlipDue(set, pod)).toBe(expected);
  });

  it('is not due while a cold sidecar of the same SidecarSet is inconsistent', () => {
    const both = (tag: string): SidecarSet =>
      makeSet(
        tag,
        {},
        { containers: [hotSidecar('mesh', `mesh:${tag}`), { name: 'main', image: `main:${tag}` }] },
      );
    const migrating = starts(upgraded(both('v2'), old), 'mesh-2');
    expect(isMigrating(both('v2'), migrating)).toBe(true);
    expect(isFlipDue(both('v2'), migrating)).toBe(false);
    expect(isFlipDue(both('v2'), starts(migrating, 'main'))).toBe(true);
  });

  it.each([
    true,
    false,
  ])('is due, %s, by the readiness of a sibling that was injected as a native sidecar', (ready) => {
    const both = (tag: string): SidecarSet =>
      makeSet(
        tag,
        {},
        { containers: [hotSidecar('mesh', `mesh:${tag}`), { name: 'agent', image: 'agent:v1' }] },
      );
    const { spec, status } = makeNativePod(0, 'v1');
    const mixed: Pod = {
      ...old,
      spec: { ...old.spec, initContainers: spec.initContainers },
      status: { ...old.status, initContainerStatuses: status?.initContainerStatuses },
    };
    const migrating = reporting(starts(upgraded(both('v2'), mixed), 'mesh-2'), 'agent', { ready });
    expect(isFlipDue(both('v2'), migrating)).toBe(ready);
  });

  it('is never due in a Pod that differs in more than images', () => {
    const other = reshaped(set);
    expect(isMigrating(other, due)).toBe(false);
    expect(isFlipDue(other, due)).toBe(false);
    expect(planRollout(other, { matched: [due] })).toMatchObject({ flips: [], upgrades: [] });
  });

  it('is never due where the empty image of the SidecarSet is another one', () => {
    const containers = [
      {
        ...hotSidecar('mesh', 'mesh:v1'),
        upgradeStrategy: { upgradeType: 'HotUpgrade' as const, hotUpgradeEmptyImage: 'x' },
      },
    ];
    expect(isFlipDue(reshaped(makeSet('v2', {}, { containers })), old)).toBe(false);
  });
});

describe('several hot-upgraded sidecars', () => {
  const names = ['mesh', 'dns'];
  const set = versioned(makeHotSet('v2', {}, names), '42');
  const pod = makeHotPod(0, 'v1', names);
  const migrating = upgraded(set, pod);

  it('are upgraded in one write, and recorded together', () => {
    expect(hotUpgrade(set, pod).images).toEqual([
      { name: 'mesh-2', image: 'mesh:v2' },
      { name: 'dns-2', image: 'dns:v2' },
    ]);
    expect(migrating.metadata.annotations).toMatchObject({
      [ANNOTATION_WORKING]: '{"dns":"dns-2","mesh":"mesh-2"}',
      'version.sidecarset.kruise.io/dns-2': '42',
      'version.sidecarset.kruise.io/mesh-2': '42',
    });
  });

  it('are flipped in one write, once all have taken over', () => {
    const one = starts(migrating, 'mesh-2');
    expect(isFlipDue(set, one)).toBe(false);
    expect(isFlipDue(set, starts(one, 'dns-2', false))).toBe(false);
    const both = starts(one, 'dns-2');
    expect(isFlipDue(set, both)).toBe(true);
    expect(flip(set, both).images).toEqual([
      { name: 'mesh-1', image: EMPTY },
      { name: 'dns-1', image: EMPTY },
    ]);
  });

  it('are left alone where their image stays', () => {
    const containers = [hotSidecar('mesh', 'mesh:v2'), hotSidecar('dns', 'dns:v1')];
    const one = makeSet('v2', {}, { containers });
    const after = upgraded(one, pod);
    expect(images(after)).toEqual({
      'mesh-1': 'mesh:v1',
      'mesh-2': 'mesh:v2',
      'dns-1': 'dns:v1',
      'dns-2': EMPTY,
    });
    const due = starts(after, 'mesh-2');
    expect(isFlipDue(one, due)).toBe(true);
    expect(flip(one, due).images).toEqual([{ name: 'mesh-1', image: EMPTY }]);
    expect(after.metadata.annotations?.[ANNOTATION_WORKING]).toBe('{"dns":"dns-1","mesh":"mesh-2"}');
  });

  it('of other SidecarSets keep their entries', () => {
    const shared = annotated(old, { [ANNOTATION_WORKING]: '{"mesh":"mesh-1","foreign":"foreign-2"}' });
    expect(versions(upgraded(hot('v2'), shared)).working).toBe('{"foreign":"foreign-2","mesh":"mesh-2"}');
  });
});

describe('a hot upgrade that does not go well', () => {
  const bad = stops(upgraded(hot('bad', '42'), old), 'mesh-2', 'ImagePullBackOff');

  it('lets the next version go into the broken container, and the old one works on', () => {
    const fixed = hot('v3', '77');
    const plan = planRollout(fixed, { matched: [bad, makeHotPod(1, 'v1')] });
    expect(plan.upgrades.map(({ pod }) => pod.metadata.name)).toEqual(['web-0']);
    const after = upgraded(fixed, bad);
    expect(images(after)).toEqual({ 'mesh-1': 'mesh:v1', 'mesh-2': 'mesh:v3' });
    expect(versions(after)).toEqual({
      working: '{"mesh":"mesh-2"}',
      one: '1',
      oneAlt: '77',
      two: '77',
      twoAlt: '1',
    });
    const done = flipped(fixed, starts(after, 'mesh-2'));
    expect(images(done)).toEqual({ 'mesh-1': EMPTY, 'mesh-2': 'mesh:v3' });
  });

  it('uses up the budget, so that no other Pod follows', () => {
    const plan = planRollout(hot('bad', '42'), { matched: [bad, makeHotPod(1, 'v1')] });
    expect(plan).toMatchObject({ code: 'RolloutWaiting', upgrades: [], held: [bad] });
  });

  it('is reported as failing, as a cold one is', () => {
    const { waits } = planRollout(hot('bad', '42'), { matched: [bad] });
    expect(waits.map(({ reason }) => reason)).toEqual(['Failing']);
  });

  it('is rolled back in the middle: the one that runs keeps working, the other one becomes empty', () => {
    const back = hot('v1', '77');
    const after = upgraded(back, bad);
    expect(images(after)).toEqual({ 'mesh-1': 'mesh:v1', 'mesh-2': EMPTY });
    expect(versions(after)).toEqual({
      working: '{"mesh":"mesh-1"}',
      one: '1',
      oneAlt: '0',
      two: '0',
      twoAlt: '1',
    });
    expect(isMigrating(back, after)).toBe(false);
    expect(isAvailable(back, starts(after, 'mesh-2'))).toBe(true);
    expect(planRollout(back, { matched: [starts(after, 'mesh-2')] }).counts.updatedReadyPods).toBe(1);
  });

  it('is ended first if it has taken over, and then rolled back', () => {
    const takenOver = starts(upgraded(hot('v2', '42'), old), 'mesh-2');
    const back = hot('v1', '77');
    const plan = planRollout(back, { matched: [takenOver] });
    expect(plan).toMatchObject({ flips: [takenOver], upgrades: [] });
    const done = starts(flipped(back, takenOver), 'mesh-1');
    expect(planRollout(back, { matched: [done] }).upgrades).toHaveLength(1);
    expect(images(upgraded(back, done))).toEqual({ 'mesh-1': 'mesh:v1', 'mesh-2': 'mesh:v2' });
  });

  it('takes the container that does not work if neither, or both, run well', () => {
    const both = stops(bad, 'mesh-1');
    expect(images(upgraded(hot('v3'), both))).toEqual({ 'mesh-1': 'mesh:v3', 'mesh-2': 'mesh:bad' });
    const well = starts(bad, 'mesh-2');
    expect(hotUpgrade(hot('v3'), well).images).toEqual([{ name: 'mesh-1', image: 'mesh:v3' }]);
  });

  it.each([
    { name: 'a bad version', tag: 'bad' },
    { name: 'a good version', tag: 'v2' },
  ])('is rolled back from $name also while neither of the two runs', ({ tag }) => {
    const back = hot('v1', '77');
    const down = stops(stops(upgraded(hot(tag, '42'), old), 'mesh-2'), 'mesh-1');
    let pod = upgraded(back, down);
    for (let rounds = 0; rounds < 3; rounds++) {
      pod = starts(pod, 'mesh-1');
      if (tag !== 'bad' || images(pod)['mesh-2'] === EMPTY) pod = starts(pod, 'mesh-2');
      if (isFlipDue(back, pod)) pod = flipped(back, pod);
    }
    expect(images(pod)).toEqual({ 'mesh-1': 'mesh:v1', 'mesh-2': EMPTY });
    expect(versions(pod).working).toBe('{"mesh":"mesh-1"}');
    expect(isAvailable(back, pod)).toBe(true);
  });

  it('records no container whose image it does not change: nothing would ever be seen to change', () => {
    // Only the cold sidecar differs from the version that is being started. Nodes report full names of images.
    const both = (tag: string, cold: string): SidecarSet =>
      makeSet(
        `${tag}-${cold}`,
        {},
        {
          containers: [hotSidecar('mesh', `mesh:${tag}`), { name: 'main', image: `main:${cold}` }],
        },
      );
    const pod = makeHotPod(0, 'v1');
    const starting = reporting(
      starts(starts(upgraded(both('v2', '2'), pod), 'main'), 'mesh-2', false),
      'mesh-2',
      {
        image: 'docker.io/library/mesh:v2',
      },
    );
    const next = upgraded(both('v2', '3'), starting);
    expect(images(next)).toEqual({ 'mesh-1': 'mesh:v1', 'mesh-2': 'mesh:v2' });
    const arrived = reporting(starts(next, 'main'), 'mesh-2', { ready: true });
    expect(isFlipDue(both('v2', '3'), arrived)).toBe(true);
  });
});

describe('which of the two works', () => {
  const set = hot('v1');
  const swapped = starts(
    flipped(hot('v1', '42'), starts(upgraded(hot('v1', '42'), makeHotPod(0, 'v0')), 'mesh-2')),
    'mesh-1',
  );

  it('is the second after an upgrade', () => {
    expect(images(swapped)).toEqual({ 'mesh-1': EMPTY, 'mesh-2': 'mesh:v1' });
    expect([isMigrating(set, swapped), isFlipDue(set, swapped)]).toEqual([false, false]);
  });

  it.each<{ name: string; text: string }>([
    { name: 'no JSON', text: '{' },
    { name: 'empty', text: '' },
    { name: 'null', text: 'null' },
    { name: 'without the container', text: '{"other":"other-1"}' },
    { name: 'a container that is none', text: '{"mesh":"mesh-3"}' },
    { name: 'a number', text: '{"mesh":2}' },
  ])('is never emptied because the record is $name', ({ text }) => {
    const garbled = annotated(swapped, { [ANNOTATION_WORKING]: text });
    expect(isFlipDue(set, garbled)).toBe(false);
    expect(planRollout(set, { matched: [garbled] })).toMatchObject({ flips: [], counts: { readyPods: 1 } });
    expect(images(upgraded(hot('v2', '77'), garbled))).toEqual({ 'mesh-1': 'mesh:v2', 'mesh-2': 'mesh:v1' });
  });

  it('is never the old one because the record was lost in the middle', () => {
    const due = starts(upgraded(hot('v2', '42'), old), 'mesh-2');
    const garbled = annotated(due, { [ANNOTATION_WORKING]: '{' });
    const after = isFlipDue(hot('v2', '42'), garbled) ? flipped(hot('v2', '42'), garbled) : garbled;
    expect(images(after)['mesh-2']).toBe('mesh:v2');
  });

  it('is the first if the record of a fresh Pod can not be read; the upgrade writes it anew', () => {
    const garbled = annotated(old, { [ANNOTATION_WORKING]: '{' });
    const after = upgraded(hot('v2', '42'), garbled);
    expect(images(after)).toEqual({ 'mesh-1': 'mesh:v1', 'mesh-2': 'mesh:v2' });
    expect(versions(after).working).toBe('{"mesh":"mesh-2"}');
  });

  it('says nothing of a Pod that lacks one of the two', () => {
    const lone: Pod = { ...old, spec: { ...old.spec, containers: old.spec.containers.slice(0, 2) } };
    expect(isMigrating(hot('v2'), lone)).toBe(false);
    expect(hotUpgrade(hot('v2'), lone)).toEqual({ images: [], annotations: {} });
  });

  it('is upgraded without versions, as OpenKruise’s first ones were', () => {
    const bare = Object.fromEntries(
      Object.entries(old.metadata.annotations ?? {}).filter(([key]) => !key.startsWith('version')),
    );
    const pod = { ...old, metadata: { ...old.metadata, annotations: bare } };
    expect(versions(upgraded(hot('v2', '42'), pod))).toEqual({
      working: '{"mesh":"mesh-2"}',
      one: undefined,
      oneAlt: '42',
      two: '42',
      twoAlt: '0',
    });
  });
});
