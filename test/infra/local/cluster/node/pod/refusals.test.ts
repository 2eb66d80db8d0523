import { expect, it } from 'vitest';
import {
  containerRefusal,
  podRefusal,
  volumeRefusal,
} from '../../../../../../infra/local/cluster/node/pod/refusals.ts';
import type { Container, PodSpec, Volume } from '../../../../../../shared/model/kubernetes.ts';

it.each<[string, Partial<Container> & Record<string, unknown>]>([
  ['readinessProbe.tcpSocket', { readinessProbe: { tcpSocket: { port: 1 } } }],
  ['startupProbe.grpc', { startupProbe: { grpc: { port: 1 } } as object }],
  ['lifecycle.preStop.httpGet', { lifecycle: { preStop: { httpGet: { port: 1 } } } }],
  ['subPathExpr', { volumeMounts: [{ name: 'v', mountPath: '/a', subPathExpr: '$(X)' }] }],
  ['the mount path /', { volumeMounts: [{ name: 'v', mountPath: '/' }] }],
  ['".." in the mount /a', { volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '../b' }] }],
  ['"kill -TERM 1"', { lifecycle: { preStop: { exec: { command: ['kill', '-TERM', '1'] } } } }],
  ['tty', { tty: true }],
  [
    'resizePolicy RestartContainer',
    { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
  ],
])('%s is refused by name', (named, container) => {
  const refusal = containerRefusal({ name: 'a', ...container });
  expect(refusal).toContain(named);
  expect(refusal).toContain('is not supported by the local node');
});

it('a container that is nothing but a signal, which the node sends itself, is fine', () => {
  const killer = { name: 'a', command: ['kill', '-TERM', '1'] };
  expect(containerRefusal(killer)).toContain('"kill -TERM 1"');
  expect(containerRefusal(killer, true)).toBeUndefined();
});

it.each<[string | undefined, Partial<PodSpec> & Record<string, unknown>]>([
  ['spec.hostNetwork', { hostNetwork: true }],
  ['spec.hostIPC', { hostIPC: true }],
  ['restartPolicy of container main', { containers: [{ name: 'main', restartPolicy: 'Never' }] }],
  ['restartPolicy Never of init container i', { initContainers: [{ name: 'i', restartPolicy: 'Never' }] }],
  [undefined, { initContainers: [{ name: 'i', restartPolicy: 'Always' }, { name: 'j' }] }],
  [undefined, { shareProcessNamespace: true }],
  [undefined, { hostPID: true }],
])('a Pod with %s, if that is anything, is refused by it', (named, spec) => {
  const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'main' }], ...spec } };
  expect(podRefusal(pod)).toBe(named && `${named} is not supported by the local node`);
});

it('probes and hooks that execute, and a hook that sleeps, are fine', () => {
  const exec = { command: ['true'] };
  const lifecycle = { postStart: { exec }, preStop: { sleep: { seconds: 1 } } };
  expect(
    containerRefusal({ name: 'a', livenessProbe: { exec }, tty: false, lifecycle } as Container),
  ).toBeUndefined();
});

it.each<[Volume & Record<string, unknown>, string | undefined]>([
  [{ name: 'v' }, undefined],
  [{ name: 'v', emptyDir: { medium: 'Memory' } }, undefined],
  [{ name: 'v', secret: { secretName: 's' } }, undefined],
  [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }, 'persistentVolumeClaim of volume v'],
  [{ name: 'v', projected: { sources: [{ configMap: { name: 'c' } }] } }, undefined],
  [
    { name: 'v', projected: { sources: [{ clusterTrustBundle: { path: 'p' } } as object] } },
    'clusterTrustBundle in projected volume v',
  ],
  [{ name: 'v', downwardAPI: { items: [{ path: 'cpu' }] } }, 'resourceFieldRef of cpu in volume v'],
])('%j: %s', (volume, named) => {
  expect(volumeRefusal(volume)).toBe(named && `${named} is not supported by the local node`);
});
