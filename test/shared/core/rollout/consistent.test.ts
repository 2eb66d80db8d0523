import { describe, expect, it } from 'vitest';
import { isConsistent, isInFlight } from '../../../../shared/core/rollout/consistent.ts';
import type { ContainerStatus, Pod } from '../../../../shared/model/kubernetes.ts';
import { ANNOTATION_INPLACE_UPDATE_STATE } from '../../../../shared/model/names.ts';
import { makeFleetPod, makeSet, SET } from '../../../support/fleet.ts';

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
