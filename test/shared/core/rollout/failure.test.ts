import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../../shared/core/rollout/failure.ts';
import { planRollout } from '../../../../shared/core/rollout/plan.ts';
import type { ContainerState, ContainerStatus, EnvVar, Pod } from '../../../../shared/model/kubernetes.ts';
import {
  annotated,
  makeFleetPod,
  makeHotPod,
  makeHotSet,
  makeNativePod,
  makeNativeSet,
  makeSet,
  reporting,
  upgraded,
  withSpec,
} from '../../../support/fleet.ts';

const pod = makeFleetPod(0, 'v2');
const inState = (state: ContainerState | undefined, container = 'agent', from = pod): Pod =>
  reporting(from, container, { ready: false, state });
const waits = (reason?: string, message?: string): ContainerState => ({ waiting: { reason, message } });
const ended = (exitCode: number, reason?: string, message?: string): ContainerState => ({
  terminated: { exitCode, reason, message },
});

describe('the failure of a container', () => {
  it.each<{ name: string; state: ContainerState | undefined; expected: object | undefined }>([
    { name: 'runs', state: { running: {} }, expected: undefined },
    { name: 'says nothing', state: undefined, expected: undefined },
    { name: 'waits without a reason', state: waits(), expected: undefined },
    { name: 'is being created', state: waits('ContainerCreating'), expected: undefined },
    { name: 'waits for init containers', state: waits('PodInitializing'), expected: undefined },
    {
      name: 'has no image',
      state: waits('ImagePullBackOff', 'Back-off pulling image "agent:v2"'),
      expected: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "agent:v2"' },
    },
    {
      name: 'has no image yet',
      state: waits('ErrImagePull', 'x'),
      expected: { reason: 'ErrImagePull', message: 'x' },
    },
    {
      name: 'crashes',
      state: waits('CrashLoopBackOff'),
      expected: { reason: 'CrashLoopBackOff', message: '' },
    },
    {
      name: 'has no configuration and no start level',
      state: waits('CreateContainerConfigError', 'configmap "x" not found'),
      expected: { reason: 'CreateContainerConfigError', message: 'configmap "x" not found' },
    },
    {
      name: 'was out of memory',
      state: ended(137, 'OOMKilled'),
      expected: { reason: 'OOMKilled', message: 'ended with exit code 137' },
    },
    {
      name: 'ended badly',
      state: ended(3, 'Error', 'no such option'),
      expected: { reason: 'Error', message: 'no such option' },
    },
    {
      name: 'ended badly, and no one says why',
      state: ended(1),
      expected: { reason: 'Error', message: 'ended with exit code 1' },
    },
    { name: 'ended well', state: ended(0, 'Completed'), expected: undefined },
  ])('that $name is $expected', ({ state, expected }) => {
    const failure = failureOf(makeSet('v2'), inState(state));
    expect(failure).toEqual(expected && { container: 'agent', ...expected });
  });

  it('has at most 200 characters of message', () => {
    const failure = failureOf(makeSet('v2'), inState(waits('ErrImagePull', 'x'.repeat(500))));
    expect(failure?.message).toBe('x'.repeat(200));
  });
});

describe('the failure of a Pod', () => {
  it('is that of the SidecarSet’s own container, if several fail', () => {
    const both = inState(waits('ErrImagePull'), 'agent', inState(ended(1), 'main'));
    expect(failureOf(makeSet('v2'), both)).toMatchObject({ container: 'agent', reason: 'ErrImagePull' });
  });

  it('is that of another container, if only that fails', () => {
    expect(failureOf(makeSet('v2'), inState(ended(1), 'main'))).toMatchObject({ container: 'main' });
  });

  it.each<{ name: string; failing: Pod; set: ReturnType<typeof makeSet>; container: string }>([
    {
      name: 'native sidecar',
      failing: inState(waits('CrashLoopBackOff'), 'agent', makeNativePod(0, 'v2')),
      set: makeNativeSet('v2'),
      container: 'agent',
    },
    {
      name: 'second of two hot-upgraded containers',
      failing: inState(waits('CrashLoopBackOff'), 'mesh-2', makeHotPod(0, 'v2')),
      set: makeHotSet('v2'),
      container: 'mesh-2',
    },
  ])('is that of a $name', ({ failing, set, container }) => {
    const withMain = inState(ended(1), 'main', failing);
    expect(failureOf(set, withMain)).toMatchObject({ container, reason: 'CrashLoopBackOff' });
  });

  it.each<{ name: string; candidate: Pod }>([
    { name: 'reports nothing', candidate: { ...pod, status: undefined } },
    { name: 'is well', candidate: pod },
  ])('is none if it $name', ({ candidate }) => {
    expect(failureOf(makeSet('v2'), candidate)).toBeUndefined();
  });
});

describe('a native sidecar of a Pod that runs to completion', () => {
  const endsWith = (restartPolicy: 'Never' | 'OnFailure' | 'Always', main: ContainerState): Pod => {
    const native = inState(ended(143), 'agent', makeNativePod(0, 'v2'));
    return withSpec(inState(main, 'main', native), { restartPolicy });
  };

  it.each([
    { policy: 'Never' as const, main: ended(0), fails: false },
    { policy: 'Never' as const, main: ended(1), fails: false },
    { policy: 'OnFailure' as const, main: ended(0), fails: false },
    { policy: 'OnFailure' as const, main: ended(1), fails: true },
    { policy: 'Never' as const, main: { running: {} }, fails: true },
    { policy: 'Always' as const, main: ended(0), fails: true },
  ])('fails with 143: $fails, under $policy beside $main', ({ policy, main, fails }) => {
    const failure = failureOf(makeSet('v2'), endsWith(policy, main));
    expect(failure?.container === 'agent').toBe(fails);
  });

  it('fails while its image can not be pulled: the kubelet goes on trying', () => {
    const native = withSpec(makeNativePod(0, 'v2'), { restartPolicy: 'Never' });
    const failing = inState(waits('ImagePullBackOff'), 'agent', native);
    expect(failureOf(makeSet('v2'), failing)).toMatchObject({
      container: 'agent',
      reason: 'ImagePullBackOff',
    });
  });
});

describe('a container that waits for its start level', () => {
  const behind = (configMap: string): Pod => {
    const env: EnvVar[] = [
      {
        name: 'KRUISE_CONTAINER_BARRIER',
        valueFrom: { configMapKeyRef: { name: configMap, key: 'p_5' } },
      },
    ];
    const waiting = inState(waits('CreateContainerConfigError', 'configmap "web-0-barrier" not found'));
    const containers = waiting.spec.containers.map((one) => (one.name === 'agent' ? { ...one, env } : one));
    return { ...waiting, spec: { ...waiting.spec, containers } };
  };

  it('does not fail', () => {
    expect(failureOf(makeSet('v2'), behind('web-0-barrier'))).toBeUndefined();
    expect(planRollout(makeSet('v2'), { matched: [behind('web-0-barrier')] }).waits).toMatchObject([
      { reason: 'NotReady' },
    ]);
  });

  it('does not fail either when all levels are open, and the kubelet has not looked again', () => {
    const opened = { 'apps.kruise.io/container-launch-priority-completed': 'true' };
    expect(failureOf(makeSet('v2'), annotated(behind('web-0-barrier'), opened))).toBeUndefined();
  });

  it.each<{ name: string; candidate: Pod }>([
    { name: 'its variable is of another ConfigMap', candidate: behind('other') },
    {
      name: 'it has no image',
      candidate: inState(waits('ErrImagePull'), 'agent', behind('web-0-barrier')),
    },
  ])('fails if $name', ({ candidate }) => {
    expect(failureOf(makeSet('v2'), candidate)).toMatchObject({ container: 'agent' });
  });
});

describe('a container that the node ends because of the upgrade', () => {
  const old = reporting(makeFleetPod(0, 'v1'), 'agent', { containerID: 'containerd://1' });
  const taken = upgraded(makeSet('v2'), old);

  it.each([0, 1, 137, 143])('does not fail by ending with %i: its successor is still to come', (exitCode) => {
    // So the kubelet reports it while it pulls the new image.
    const between = reporting(taken, 'agent', { ready: false, state: ended(exitCode, 'Error') });
    const { waits: reasons } = planRollout(makeSet('v2'), { matched: [between] });
    expect(reasons.map(({ reason }) => reason)).toEqual(['InFlight']);
  });

  it('fails if its successor ends', () => {
    const successor: Partial<ContainerStatus> = {
      image: 'agent:v2',
      imageID: 'sha256:of-agent:v2',
      containerID: 'containerd://2',
      ready: false,
    };
    const crashed = reporting(taken, 'agent', { ...successor, state: ended(1, 'Error') });
    const { waits: reasons } = planRollout(makeSet('v2'), { matched: [crashed] });
    expect(reasons.map(({ reason }) => reason)).toEqual(['Failing']);
  });

  it.each([
    { generation: 3, observedGeneration: 2, reason: 'InFlight' },
    { generation: 3, observedGeneration: 3, reason: 'Failing' },
    { generation: 3, observedGeneration: undefined, reason: 'Failing' },
  ])('is $reason by what the node says of generation $observedGeneration, where $generation is the last', (given) => {
    const { generation, observedGeneration, reason } = given;
    const stuck = reporting(taken, 'agent', { ready: false, state: waits('CrashLoopBackOff') });
    const counted: Pod = {
      ...stuck,
      metadata: { ...stuck.metadata, generation },
      status: { ...stuck.status, observedGeneration },
    };
    const { waits: reasons } = planRollout(makeSet('v2'), { matched: [counted] });
    expect(reasons.map((wait) => wait.reason)).toEqual([reason]);
  });

  it('does not fail by what it reported before it was upgraded just now', () => {
    const stuck = reporting(taken, 'agent', { ready: false, state: waits('CrashLoopBackOff') });
    const plan = planRollout(makeSet('v2'), { matched: [stuck], justTaken: new Set([stuck]) });
    expect(plan.waits.map(({ reason }) => reason)).toEqual(['InFlight']);
  });

  it('fails if its image can not be pulled', () => {
    const stuck = reporting(taken, 'agent', { ready: false, state: waits('ErrImagePull') });
    const { waits: reasons } = planRollout(makeSet('v2'), { matched: [stuck] });
    expect(reasons.map(({ reason }) => reason)).toEqual(['Failing']);
  });
});
