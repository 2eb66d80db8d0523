import { expect, it } from 'vitest';
import {
  firstProcessOf,
  isFirstProcess,
  maySignal,
  namespaceOwner,
} from '../../../../../../infra/local/cluster/node/pod/processes.ts';
import type { Pod, PodSpec, SecurityContext } from '../../../../../../shared/model/kubernetes.ts';

const podOf = (spec: Partial<PodSpec> = {}): Pod => ({
  metadata: { name: 'web' },
  spec: {
    containers: [{ name: 'side' }],
    ephemeralContainers: [{ name: 'killer', targetContainerName: 'side' }, { name: 'alone' }],
    ...spec,
  },
});

it.each<[string, Partial<PodSpec>, string]>([
  ['no shared namespace', {}, 'own'],
  ['a shared process namespace', { shareProcessNamespace: true }, 'sandbox'],
  ["the machine's process namespace", { hostPID: true }, 'host'],
])('in a Pod with %s process 1 is its own kind', (_, spec, first) => {
  const pod = podOf(spec);
  expect(firstProcessOf(pod)).toBe(first);
  expect(isFirstProcess(pod, { name: 'side' })).toBe(first === 'own');
});

it('an ephemeral container lives in the process namespace of its target', () => {
  expect(['side', 'killer', 'alone'].map((name) => namespaceOwner(podOf(), name))).toEqual([
    'side',
    'side',
    'alone',
  ]);
  expect(['side', 'killer', 'alone'].map((name) => isFirstProcess(podOf(), { name }))).toEqual([
    true,
    false,
    true,
  ]);
});

it.each<[string, boolean, SecurityContext | undefined, SecurityContext | undefined]>([
  ['root may signal root', true, undefined, undefined],
  ['root may signal another user by CAP_KILL', true, undefined, { runAsUser: 1000 }],
  [
    'root without CAP_KILL may not signal another user',
    false,
    { capabilities: { drop: ['ALL'] } },
    { runAsUser: 1000 },
  ],
  ['root without CAP_KILL may signal root', true, { capabilities: { drop: ['KILL'] } }, undefined],
  [
    'CAP_KILL can be given back',
    true,
    { capabilities: { drop: ['ALL'], add: ['KILL'] } },
    { runAsUser: 1000 },
  ],
  [
    'CAP_KILL can be taken away alone',
    false,
    { capabilities: { add: ['ALL'], drop: ['KILL'] } },
    { runAsUser: 1000 },
  ],
  ['a user may signal itself', true, { runAsUser: 1000 }, { runAsUser: 1000 }],
  ['a user may not signal root', false, { runAsUser: 1000 }, undefined],
  [
    'a capability helps only root',
    false,
    { runAsUser: 1000, capabilities: { add: ['KILL'] } },
    { runAsUser: 0 },
  ],
  ['a privileged root may', true, { privileged: true, capabilities: { drop: ['ALL'] } }, { runAsUser: 1 }],
])('%s', (_, allowed, killer, side) => {
  const pod = podOf({
    containers: [{ name: 'side', securityContext: side }],
    ephemeralContainers: [{ name: 'killer', targetContainerName: 'side', securityContext: killer }],
  });
  expect(maySignal(pod, 'killer', 'side')).toBe(allowed);
});

it("a container's user is the Pod's unless it has its own", () => {
  const pod = podOf({ securityContext: { runAsUser: 1000 } });
  expect(maySignal(pod, 'killer', 'side')).toBe(true);
  pod.spec.containers = [{ name: 'side', securityContext: { runAsUser: 0 } }];
  expect(maySignal(pod, 'killer', 'side')).toBe(false);
});
