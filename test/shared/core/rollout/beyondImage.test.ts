import { describe, expect, it } from 'vitest';
import {
  beyondImage,
  resizePatch,
  unknownWays,
  wayBeyondImage,
} from '../../../../shared/core/rollout/beyondImage.ts';
import { planRollout } from '../../../../shared/core/rollout/plan.ts';
import { podPatch } from '../../../../shared/core/rollout/podPatch.ts';
import { isUpdated, isUpgradable } from '../../../../shared/core/rollout/updated.ts';
import type { Container, OwnerReference, Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarContainer, SidecarSet, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';
import {
  historyOfSets,
  hotSidecar,
  makeFleetPod,
  makeNativePod,
  makeSet,
  marked,
  ofRevision,
  patched,
  reshaped,
  withSpec,
} from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const BEYOND = 'serverless.sidecarset.io/beyond-image';
const asking = (set: SidecarSet, words: string): SidecarSet => marked(set, { [BEYOND]: words });

describe('what a SidecarSet asks for beyond images', () => {
  it.each<{ words: string; ways: string[]; unknown: string[] }>([
    { words: '', ways: [], unknown: [] },
    { words: ' ', ways: [], unknown: [] },
    { words: 'resize', ways: ['resize'], unknown: [] },
    { words: 'recreate', ways: ['recreate'], unknown: [] },
    { words: ' recreate ,  resize ', ways: ['resize', 'recreate'], unknown: [] },
    { words: 'resize,resize', ways: ['resize'], unknown: [] },
    { words: 'resize,,', ways: ['resize'], unknown: [] },
    { words: 'Resize,recreat', ways: [], unknown: ['Resize', 'recreat'] },
    { words: 'resize, everything', ways: ['resize'], unknown: ['everything'] },
    { words: 'resize recreate', ways: [], unknown: ['resize recreate'] },
    { words: 'constructor', ways: [], unknown: ['constructor'] },
  ])('of "$words" is $ways, and means nothing by $unknown', ({ words, ways, unknown }) => {
    expect(beyondImage(asking(makeSet('v2'), words))).toEqual(ways);
    expect(unknownWays(asking(makeSet('v2'), words))).toEqual(unknown);
  });

  it('is nothing without the annotation', () => {
    expect(beyondImage(makeSet('v2'))).toEqual([]);
    expect(unknownWays(makeSet('v2'))).toEqual([]);
  });
});

const SMALL = { requests: { cpu: '100m' }, limits: { memory: '64Mi' } };
const LARGE = { requests: { cpu: '200m' }, limits: { memory: '128Mi' } };
const agent = (more: Partial<SidecarContainer> = {}): SidecarContainer => ({
  name: 'agent',
  image: 'agent:v1',
  resources: SMALL,
  ...more,
});
const setWith = (spec: SidecarSetSpec): SidecarSet => makeSet('v1', {}, spec);
const before = setWith({ containers: [agent()] });
const HISTORY = historyOfSets(setWith({ containers: [agent({ image: 'agent:v0' })] }), before);
const sized = (resources: Container['resources']): Pod => {
  const pod = makeFleetPod(0, 'v1');
  const containers = pod.spec.containers.map((container) =>
    container.name === 'agent' ? { ...container, resources } : container,
  );
  return ofRevision(withSpec(pod, { containers }), HISTORY[1]);
};
const pod = sized(SMALL);

describe('a Pod is resized', () => {
  it.each<{ name: string; spec: SidecarSetSpec; way: string }>([
    { name: 'only resources differ', spec: { containers: [agent({ resources: LARGE })] }, way: 'resize' },
    {
      name: 'resources and images differ',
      spec: { containers: [agent({ resources: LARGE, image: 'agent:v2' })] },
      way: 'resize',
    },
    {
      name: 'volumes differ, too, which no hash knows',
      spec: { containers: [agent({ resources: LARGE })], volumes: [{ name: 'v', emptyDir: {} }] },
      way: 'resize',
    },
    {
      name: 'resources are given in another form',
      spec: { containers: [agent({ resources: { ...SMALL, requests: { cpu: '0.2' } } })] },
      way: 'resize',
    },
    {
      name: 'variables differ, too',
      spec: { containers: [agent({ resources: LARGE, env: [{ name: 'A', value: 'a' }] })] },
      way: 'BeyondImage',
    },
    {
      name: 'only variables differ',
      spec: { containers: [agent({ env: [{ name: 'A', value: 'a' }] })] },
      way: 'BeyondImage',
    },
    {
      name: 'a container is gone',
      spec: { containers: [] },
      way: 'BeyondImage',
    },
    {
      name: 'a container is new',
      spec: { containers: [agent(), { name: 'other', image: 'o' }] },
      way: 'BeyondImage',
    },
    {
      name: 'a native sidecar is new',
      spec: { containers: [agent()], initContainers: [{ name: 'n', image: 'n', restartPolicy: 'Always' }] },
      way: 'BeyondImage',
    },
    {
      name: 'the policy of its resources differs',
      spec: {
        containers: [
          agent({
            resources: undefined,
            resourcesPolicy: { targetContainersMode: 'sum', resourcesExpr: { limits: { cpu: 'cpu' } } },
          }),
        ],
      },
      way: 'BeyondImage',
    },
    {
      name: 'the empty image of a hot upgrade is new',
      spec: { containers: [{ ...hotSidecar('agent', 'agent:v1'), resources: LARGE }] },
      way: 'BeyondImage',
    },
  ])('or not, $way: $name', ({ spec, way }) => {
    const set = asking(reshaped(setWith(spec)), 'resize');
    expect(wayBeyondImage(set, pod, historyOfSets(before, set))).toBe(way);
  });

  it('not of hot-upgraded sidecars', () => {
    const hot = (resources: Container['resources']) =>
      setWith({ containers: [{ ...hotSidecar('mesh', 'm:1'), resources }] });
    const [history, set] = [historyOfSets(hot(SMALL)), asking(reshaped(hot(LARGE)), 'resize')];
    expect(wayBeyondImage(set, ofRevision(pod, history[0]), history)).toBe('BeyondImage');
  });

  it.each<{ name: string; candidate: Pod; history: typeof HISTORY }>([
    { name: 'its revision is not known any more', candidate: pod, history: [] },
    { name: 'it names no revision', candidate: makeFleetPod(0, 'v1'), history: HISTORY },
    {
      name: 'its revision holds nothing',
      candidate: pod,
      history: HISTORY.map((revision) => ({ ...revision, data: undefined })),
    },
    {
      name: 'its revision holds garbage',
      candidate: pod,
      history: HISTORY.map((revision) => ({ ...revision, data: { spec: 'x' } })),
    },
  ])('not if $name', ({ candidate, history }) => {
    const set = asking(reshaped(setWith({ containers: [agent({ resources: LARGE })] })), 'resize');
    expect(wayBeyondImage(set, candidate, history)).toBe('BeyondImage');
  });

  it('not unless the SidecarSet asks for it', () => {
    const set = reshaped(setWith({ containers: [agent({ resources: LARGE })] }));
    expect(wayBeyondImage(set, pod, HISTORY)).toBe('BeyondImage');
  });

  it('rather than recreated, if the SidecarSet asks for both', () => {
    const owner: OwnerReference = { apiVersion: 'a', kind: 'R', name: 'r', uid: 'u', controller: true };
    const owned = { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } };
    const larger = asking(
      reshaped(setWith({ containers: [agent({ resources: LARGE })] })),
      'recreate,resize',
    );
    expect(wayBeyondImage(larger, owned, HISTORY)).toBe('resize');
    const other = asking(reshaped(setWith({ containers: [agent({ command: ['x'] })] })), 'recreate,resize');
    expect(wayBeyondImage(other, owned, HISTORY)).toBe('recreate');
  });

  it('by a plan, and is updated in every respect after the patch that follows', () => {
    const set = asking(
      reshaped(makeSet('v2', {}, { containers: [agent({ resources: LARGE, image: 'agent:v2' })] })),
      'resize',
    );
    const [upgrade] = planRollout(set, { matched: [pod], history: HISTORY }).upgrades;
    expect(upgrade?.way).toBe('resize');
    const after = patched(pod, podPatch(set, { pod, way: 'resize' }, 'logs-2', NOW));
    expect([isUpdated(set, after), isUpgradable(set, after)]).toEqual([true, true]);
    expect(after.spec.containers[1]?.image).toBe('agent:v2');
  });

  it('not if a limit or request is taken away: the API server can only change them, and the Pod would keep it', () => {
    const set = asking(
      reshaped(setWith({ containers: [agent({ resources: { requests: SMALL.requests } })] })),
      'resize',
    );
    expect(wayBeyondImage(set, pod, HISTORY)).toBe('BeyondImage');
  });
});

describe('the patch of pods/resize', () => {
  const patchFor = (containers: SidecarContainer[], candidate = pod) =>
    resizePatch(setWith({ containers }), candidate);

  it('names the listed version of this very Pod and the resources that differ, nothing else', () => {
    expect(patchFor([agent({ resources: LARGE, image: 'agent:v2' })])).toEqual({
      metadata: { uid: 'uid-0', resourceVersion: '1' },
      spec: { containers: [{ name: 'agent', resources: LARGE }] },
    });
  });

  it.each<{ name: string; containers: SidecarContainer[]; candidate?: Pod }>([
    { name: 'the resources are the same', containers: [agent()] },
    { name: 'the SidecarSet says nothing of resources', containers: [agent({ resources: undefined })] },
    { name: 'the SidecarSet says nothing of them in particular', containers: [agent({ resources: {} })] },
    {
      name: 'the Pod has more than the SidecarSet wants, by a LimitRange',
      containers: [agent()],
      candidate: sized({ requests: { cpu: '100m', memory: '1Mi' }, limits: { memory: '64Mi', cpu: '1' } }),
    },
    {
      name: 'a policy works them out',
      containers: [
        agent({
          resources: LARGE,
          resourcesPolicy: { targetContainersMode: 'sum', resourcesExpr: { limits: { cpu: 'cpu' } } },
        }),
      ],
    },
    { name: 'neither has any', containers: [agent({ resources: {} })], candidate: sized(undefined) },
  ])('is none if $name', ({ containers, candidate }) => {
    expect(patchFor(containers, candidate)).toBeUndefined();
  });

  it('gives resources to a container that has none', () => {
    expect(patchFor([agent()], sized(undefined))?.spec).toEqual({
      containers: [{ name: 'agent', resources: SMALL }],
    });
  });

  it('puts each container into its own list, and leaves hot-upgraded and plain init containers alone', () => {
    const set = setWith({
      containers: [{ ...hotSidecar('mesh', 'm:1'), resources: LARGE }],
      initContainers: [
        { name: 'agent', image: 'agent:v1', restartPolicy: 'Always', resources: LARGE },
        { name: 'setup', image: 's', resources: LARGE },
      ],
    });
    expect(resizePatch(set, makeNativePod(0, 'v1'))?.spec).toEqual({
      initContainers: [{ name: 'agent', resources: LARGE }],
    });
  });
});

describe('the patch of pods/resize of a Pod whose plain sidecars are native', () => {
  it('finds the container among the init containers', () => {
    const set = setWith({
      containers: [agent({ resources: LARGE }), agent({ name: 'gone', resources: LARGE })],
    });
    expect(resizePatch(set, makeNativePod(0, 'v1'))?.spec).toEqual({
      initContainers: [{ name: 'agent', resources: LARGE }],
    });
  });
});

describe('a Pod is recreated', () => {
  const owner: OwnerReference = { apiVersion: 'apps/v1', kind: 'R', name: 'r', uid: 'u', controller: true };
  const owned = (
    owners: OwnerReference[] | undefined,
    restartPolicy?: 'Always' | 'OnFailure' | 'Never',
  ): Pod => {
    const plain = withSpec(makeFleetPod(0, 'v1'), { restartPolicy });
    return { ...plain, metadata: { ...plain.metadata, ownerReferences: owners } };
  };

  it.each<{ name: string; candidate: Pod; injection?: SidecarSetSpec['injectionStrategy']; way: string }>([
    { name: 'it has a controller', candidate: owned([owner]), way: 'recreate' },
    { name: 'it is under Always', candidate: owned([owner], 'Always'), way: 'recreate' },
    { name: 'it is under OnFailure', candidate: owned([owner], 'OnFailure'), way: 'NotRecreatable' },
    { name: 'it is under Never', candidate: owned([owner], 'Never'), way: 'NotRecreatable' },
    { name: 'nobody owns it', candidate: owned(undefined), way: 'NotRecreatable' },
    {
      name: 'its owner is no controller',
      candidate: owned([
        { ...owner, controller: false },
        { ...owner, controller: undefined },
      ]),
      way: 'NotRecreatable',
    },
    {
      name: 'one of its owners is a controller',
      candidate: owned([{ ...owner, controller: false }, owner]),
      way: 'recreate',
    },
    {
      name: 'injection is paused',
      candidate: owned([owner]),
      injection: { paused: true },
      way: 'InjectionPinned',
    },
    {
      name: 'injection is pinned',
      candidate: owned([owner]),
      injection: { revision: { revisionName: 'logs-1', policy: 'Always' } },
      way: 'InjectionPinned',
    },
    {
      name: 'injection is partly pinned',
      candidate: owned([owner]),
      injection: { revision: { customVersion: 'spring', policy: 'Partial' } },
      way: 'InjectionPinned',
    },
    {
      name: 'injection is not paused',
      candidate: owned([owner]),
      injection: { paused: false },
      way: 'recreate',
    },
    {
      name: 'injection is paused and it has no controller',
      candidate: owned([]),
      injection: { paused: true },
      way: 'NotRecreatable',
    },
  ])('or not, $way: $name', ({ candidate, injection, way }) => {
    const set = makeSet('v2', {}, { injectionStrategy: injection });
    expect(wayBeyondImage(asking(reshaped(set), 'recreate'), candidate, [])).toBe(way);
  });
});
