import { describe, expect, it } from 'vitest';
import { isConsistent, isInFlight } from '../../../../shared/core/rollout/consistent.ts';
import type { ContainerStatus, Pod } from '../../../../shared/model/kubernetes.ts';
import { ANNOTATION_INPLACE_UPDATE_STATE } from '../../../../shared/model/names.ts';
import {
  annotated,
  makeFleetPod,
  makeHotPod,
  makeHotSet,
  makeNativePod,
  makeNativeSet,
  makeSet,
  reporting,
  SET,
} from '../../../support/fleet.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

interface Case {
  image?: string;
  status?: Partial<ContainerStatus>;
  state?: string;
}

const podOf = ({ image = 'agent:v2', status, state }: Case): Pod => {
  const pod = makeFleetPod(0, 'v2');
  const annotations = {
    ...pod.metadata.annotations,
    ...(state !== undefined && { [ANNOTATION_INPLACE_UPDATE_STATE]: state }),
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: {
      containers: [
        { name: 'main', image: 'main:1' },
        { name: 'agent', image },
      ],
    },
    status: {
      ...pod.status,
      containerStatuses: pod.status?.containerStatuses?.map((before) =>
        before.name === 'agent' ? { ...before, ...status } : before,
      ),
    },
  };
};

const recorded = (imageID: string | undefined): string =>
  JSON.stringify({
    [SET]: { revision: 'r', updateTimestamp: 't', lastContainerStatuses: { agent: { imageID } } },
  });

describe('a Pod is consistent', () => {
  it.each<Case & { name: string; consistent: boolean }>([
    { name: 'never updated, whatever it reports', status: { image: 'x' }, consistent: true },
    { name: 'its state is no JSON, so nothing is known', state: '{', consistent: true },
    { name: 'its state is empty', state: '', consistent: true },
    {
      name: 'another set was updated',
      state: '{"other":{"lastContainerStatuses":{"agent":{"imageID":"A"}}}}',
      status: { image: 'x', imageID: 'A' },
      consistent: true,
    },
    {
      name: 'another container was updated',
      state: `{"${SET}":{"lastContainerStatuses":{"main":{"imageID":"A"}}}}`,
      status: { image: 'x', imageID: 'A' },
      consistent: true,
    },
    { name: 'its state has no containers', state: `{"${SET}":{}}`, status: { image: 'x' }, consistent: true },
    {
      name: 'same imageID, same image (a retag of one image)',
      state: recorded('A'),
      status: { imageID: 'A', image: 'agent:v2' },
      consistent: true,
    },
    {
      name: 'same imageID, other image',
      state: recorded('A'),
      status: { imageID: 'A', image: 'agent:v1' },
      consistent: false,
    },
    {
      name: 'other imageID, other image name',
      state: recorded('A'),
      status: { imageID: 'B', image: 'registry/agent:v2' },
      consistent: true,
    },
    {
      name: 'imageID unknown before and now',
      state: recorded(undefined),
      status: { imageID: '', image: 'agent:v1' },
      consistent: false,
    },
    {
      name: 'imageID unknown before, known now',
      state: recorded(undefined),
      status: { imageID: 'B', image: 'x' },
      consistent: true,
    },
    {
      name: 'the digest is reported',
      image: `agent@${DIGEST}`,
      status: { imageID: `docker.io/library/agent@${DIGEST}` },
      consistent: true,
    },
    {
      name: 'the digest is reported with a scheme',
      image: `registry:5000/a/agent:v2@${DIGEST}`,
      status: { imageID: `docker-pullable://registry:5000/a/agent@${DIGEST}` },
      consistent: true,
    },
    {
      name: 'another digest is reported',
      image: `agent@${DIGEST}`,
      status: { imageID: `agent@${OTHER}` },
      consistent: false,
    },
    {
      name: 'the digest of another repository is reported',
      image: `a/agent@${DIGEST}`,
      status: { imageID: `b/agent@${DIGEST}` },
      consistent: false,
    },
    {
      name: 'the digest is reported, the state says nothing',
      image: `agent@${DIGEST}`,
      state: '{',
      status: { imageID: `agent@${DIGEST}` },
      consistent: true,
    },
    {
      name: 'nothing is reported for a digest',
      image: `agent@${DIGEST}`,
      status: { imageID: '' },
      consistent: false,
    },
  ])('$consistent: $name', ({ consistent, ...parts }) => {
    expect(isConsistent(makeSet('v2'), podOf(parts))).toBe(consistent);
  });

  it('is not before every container is reported', () => {
    const pod = makeFleetPod(0, 'v2');
    const containerStatuses = pod.status?.containerStatuses?.slice(1);
    expect(isConsistent(makeSet('v2'), { ...pod, status: { ...pod.status, containerStatuses } })).toBe(false);
  });
});

describe('a Pod is in flight', () => {
  const old = { state: recorded('A'), status: { imageID: 'A', image: 'agent:v1' } };

  it.each([
    { name: 'its old sidecar still serves', pod: podOf(old), inFlight: true },
    {
      name: 'its old sidecar is down',
      pod: podOf({ ...old, status: { ...old.status, ready: false } }),
      inFlight: false,
    },
    { name: 'nothing was asked of it', pod: podOf({}), inFlight: false },
  ])('$inFlight: $name', ({ pod, inFlight }) => {
    expect(isInFlight(makeSet('v2'), pod)).toBe(inFlight);
  });
});

const stateOf = (lastContainerStatuses: object): Record<string, string> => ({
  [ANNOTATION_INPLACE_UPDATE_STATE]: JSON.stringify({
    [SET]: { revision: 'r', updateTimestamp: 't', lastContainerStatuses },
  }),
});

/** The Pod as the API server counts its specs, and the one that the node has seen. */
const seen = (pod: Pod, generation: number | undefined, observedGeneration: number | undefined): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, generation },
  status: { ...pod.status, observedGeneration },
});

describe('a Pod with a native sidecar is consistent', () => {
  const wants = (tag: string, status: Partial<ContainerStatus>, recorded = {}): Pod =>
    annotated(reporting(makeNativePod(0, tag), 'agent', status), stateOf(recorded));

  it.each<{ name: string; pod: Pod; consistent: boolean }>([
    { name: 'never updated', pod: makeNativePod(0, 'v2'), consistent: true },
    {
      name: 'the recorded imageID and the old image are reported',
      pod: wants('v2', { imageID: 'A', image: 'agent:v1' }, { agent: { imageID: 'A' } }),
      consistent: false,
    },
    {
      name: 'another imageID is reported',
      pod: wants('v2', { imageID: 'B', image: 'registry/agent:v2' }, { agent: { imageID: 'A' } }),
      consistent: true,
    },
  ])('$consistent: $name', ({ pod, consistent }) => {
    expect(isConsistent(makeNativeSet('v2'), pod)).toBe(consistent);
  });

  it('when the digest is reported among the init containers', () => {
    const pod = makeNativePod(0, 'v2');
    const initContainers = [{ name: 'agent', image: `agent@${DIGEST}`, restartPolicy: 'Always' }];
    const pinned = { ...pod, spec: { ...pod.spec, initContainers } };
    expect(isConsistent(makeNativeSet('v2'), pinned)).toBe(false);
    expect(
      isConsistent(makeNativeSet('v2'), reporting(pinned, 'agent', { imageID: `agent@${DIGEST}` })),
    ).toBe(true);
  });

  it('and it is in flight while the old one serves', () => {
    const old = wants('v2', { imageID: 'A', image: 'agent:v1' }, { agent: { imageID: 'A' } });
    expect(isInFlight(makeNativeSet('v2'), old)).toBe(true);
    expect(isInFlight(makeNativeSet('v2'), reporting(old, 'agent', { ready: false }))).toBe(false);
  });
});

describe('a Pod whose node says which generation it knows is consistent', () => {
  const arrived = podOf({ state: recorded('A'), status: { imageID: 'B' } });
  const old = podOf({ state: recorded('A'), status: { imageID: 'A', image: 'agent:v1' } });

  it.each<{ name: string; pod: Pod; consistent: boolean }>([
    { name: 'the node has not seen the update', pod: seen(arrived, 3, 2), consistent: false },
    { name: 'the node has seen the update', pod: seen(arrived, 3, 3), consistent: true },
    { name: 'the node is ahead of what was listed', pod: seen(arrived, 3, 4), consistent: true },
    { name: 'the node does not say', pod: seen(arrived, 3, undefined), consistent: true },
    { name: 'the API server does not count', pod: seen(arrived, undefined, 3), consistent: true },
    { name: 'seen, and yet the old one runs', pod: seen(old, 3, 3), consistent: false },
    {
      name: 'never updated, so that a change of somebody else does not count',
      pod: seen(podOf({}), 3, 2),
      consistent: true,
    },
    {
      name: 'the same image name, but the node has not seen the update',
      pod: seen(podOf({ state: recorded('A'), status: { imageID: 'A' } }), 3, 2),
      consistent: false,
    },
    {
      name: 'the digest is reported, and the node has not seen the update',
      pod: seen(
        podOf({
          image: `agent@${DIGEST}`,
          state: recorded('A'),
          status: { imageID: `agent@${DIGEST}` },
        }),
        3,
        2,
      ),
      consistent: false,
    },
  ])('$consistent: $name', ({ pod, consistent }) => {
    expect(isConsistent(makeSet('v2'), pod)).toBe(consistent);
  });
});

describe('two images with one imageID', () => {
  const moved = (containerID: string | undefined): Pod =>
    annotated(
      podOf({ status: { imageID: 'A', image: 'docker.io/library/agent:v1', containerID } }),
      stateOf({ agent: { imageID: 'A', containerID: 'containerd://1' } }),
    );

  it.each<{ name: string; pod: Pod; consistent: boolean }>([
    {
      name: 'another container, and the node has seen it',
      pod: seen(moved('containerd://2'), 3, 3),
      consistent: true,
    },
    { name: 'the same container, seen', pod: seen(moved('containerd://1'), 3, 3), consistent: false },
    { name: 'another container, not seen', pod: seen(moved('containerd://2'), 3, 2), consistent: false },
    {
      name: 'another container, perhaps of the old spec: the node does not say',
      pod: moved('containerd://2'),
      consistent: false,
    },
    {
      name: 'no container was recorded (by OpenKruise), seen',
      pod: seen(annotated(moved('containerd://2'), stateOf({ agent: { imageID: 'A' } })), 3, 3),
      consistent: false,
    },
    {
      name: 'no container was recorded, and the wanted name is reported',
      pod: podOf({ state: recorded('A'), status: { imageID: 'A', image: 'agent:v2' } }),
      consistent: true,
    },
  ])('are told apart, $consistent: $name', ({ pod, consistent }) => {
    expect(isConsistent(makeSet('v2'), pod)).toBe(consistent);
  });
});

describe('a Pod with a hot-upgraded sidecar is consistent', () => {
  const pod = makeHotPod(0, 'v1');
  const state = stateOf({ 'mesh-2': { imageID: 'E' } });
  const wants = (status: Partial<ContainerStatus>): Pod =>
    annotated(
      reporting(
        { ...pod, spec: { ...pod.spec, containers: makeHotPod(0, 'v2').spec.containers } },
        'mesh-2',
        status,
      ),
      state,
    );

  it.each<{ name: string; pod: Pod; consistent: boolean; inFlight: boolean }>([
    { name: 'never updated', pod, consistent: true, inFlight: false },
    {
      name: 'the second still runs what was recorded',
      pod: wants({ imageID: 'E', image: 'other' }),
      consistent: false,
      inFlight: true,
    },
    {
      name: 'the second is down',
      pod: wants({ imageID: 'E', image: 'other', ready: false }),
      consistent: false,
      inFlight: false,
    },
    {
      name: 'the second runs something else',
      pod: wants({ imageID: 'B' }),
      consistent: true,
      inFlight: false,
    },
  ])('$consistent: $name', ({ pod: candidate, consistent, inFlight }) => {
    expect(isConsistent(makeHotSet('v2'), candidate)).toBe(consistent);
    expect(isInFlight(makeHotSet('v2'), candidate)).toBe(inFlight);
  });

  it('for itself, whatever becomes of the other one', () => {
    const old = wants({ imageID: 'E', image: 'other' });
    expect(isConsistent(makeHotSet('v2'), old, ['mesh-1'])).toBe(true);
    expect(isConsistent(makeHotSet('v2'), old, ['mesh-2'])).toBe(false);
  });
});
