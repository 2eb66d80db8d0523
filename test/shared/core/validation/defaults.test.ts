import { expect, it } from 'vitest';
import { withDefaults } from '../../../../shared/core/validation/defaults.ts';
import { volumeDefaults } from '../../../../shared/core/validation/volumeDefaults.ts';
import { sha256Hex } from '../../../../shared/io/digest.ts';
import type { Volume } from '../../../../shared/model/kubernetes.ts';
import type { SidecarContainer, SidecarSet, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';

const setOf = (spec: SidecarSetSpec): SidecarSet => ({ metadata: { name: 'set' }, spec });
const defaulted = (spec: SidecarSetSpec): SidecarSet => withDefaults(setOf(spec), sha256Hex);
const container = (given: Partial<SidecarContainer>): SidecarContainer | undefined =>
  defaulted({ containers: [{ name: 'a', ...given }] }).spec.containers?.[0];

it('fills what OpenKruise fills in an almost empty SidecarSet', () => {
  expect(
    defaulted({ containers: [{ name: 's', image: 'i:1' }], initContainers: [{ name: 'i' }] }).spec,
  ).toEqual({
    updateStrategy: { type: 'RollingUpdate', partition: 0, maxUnavailable: 1 },
    revisionHistoryLimit: 10,
    containers: [
      {
        name: 's',
        image: 'i:1',
        imagePullPolicy: 'IfNotPresent',
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        podInjectPolicy: 'BeforeAppContainer',
        upgradeStrategy: { upgradeType: 'ColdUpgrade' },
        shareVolumePolicy: { type: 'disabled' },
      },
    ],
    initContainers: [expect.objectContaining({ podInjectPolicy: 'AfterAppContainer' })],
  });
});

it('keeps what is given, also fields that the types do not name', () => {
  const given = {
    name: 'a',
    image: 'i',
    imagePullPolicy: 'Never',
    podInjectPolicy: 'AfterAppContainer' as const,
    upgradeStrategy: { upgradeType: 'HotUpgrade' as const, hotUpgradeEmptyImage: 'e' },
    restartPolicyRules: [{ action: 'Restart' }],
  };
  const updateStrategy = { type: 'NotUpdate', partition: '90%', maxUnavailable: 0, paused: true };
  const { spec } = defaulted({ containers: [given], updateStrategy, revisionHistoryLimit: 0 });
  expect(spec.containers?.[0]).toMatchObject(given);
  expect(spec).toMatchObject({ updateStrategy, revisionHistoryLimit: 0 });
});

it.each([
  ['nginx', 'Always'],
  ['nginx:latest', 'Always'],
  ['registry:5000/nginx', 'Always'],
  ['nginx:latest@sha256:00', 'Always'],
  ['nginx:1.2', 'IfNotPresent'],
  ['registry:5000/nginx:edge', 'IfNotPresent'],
  ['nginx@sha256:00', 'IfNotPresent'],
])('pulls %s %s', (image, policy) => {
  expect(container({ image })?.imagePullPolicy).toBe(policy);
});

it.each<[string, Partial<SidecarContainer>, Partial<SidecarContainer>]>([
  [
    'the protocol of ports',
    { ports: [{ containerPort: 1 }] },
    { ports: [{ containerPort: 1, protocol: 'TCP' }] },
  ],
  [
    'the version of field references',
    { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'p' } } }] },
    { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'p', apiVersion: 'v1' } } }] },
  ],
  [
    'a liveness probe',
    { livenessProbe: { httpGet: { port: 1 }, timeoutSeconds: 0 } },
    {
      livenessProbe: {
        httpGet: { port: 1, path: '/', scheme: 'HTTP' },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
    },
  ],
  [
    'no startup probe',
    { startupProbe: { httpGet: { port: 1 } } },
    { startupProbe: { httpGet: { port: 1 } } },
  ],
  [
    'lifecycle handlers',
    { lifecycle: { preStop: { httpGet: { port: 1 } }, postStart: { exec: { command: ['a'] } } } },
    {
      lifecycle: {
        preStop: { httpGet: { port: 1, path: '/', scheme: 'HTTP' } },
        postStart: { exec: { command: ['a'] } },
      },
    },
  ],
  [
    'quantities',
    { resources: { limits: { memory: '1024Mi', cpu: '0.5' }, requests: { cpu: '1u' } } },
    { resources: { limits: { memory: '1Gi', cpu: '500m' }, requests: { cpu: '1m' } } },
  ],
])('defaults %s', (_, given, expected) => {
  expect(container(given)).toMatchObject(expected);
});

it.each<[string, Volume, Volume]>([
  ['no source', { name: 'v' }, { name: 'v', emptyDir: {} }],
  ['a hostPath', { name: 'v', hostPath: { path: '/' } }, { name: 'v', hostPath: { path: '/', type: '' } }],
  ['a secret', { name: 'v', secret: {} }, { name: 'v', secret: { defaultMode: 420 } }],
  [
    'a configMap with a mode',
    { name: 'v', configMap: { defaultMode: 0 } },
    { name: 'v', configMap: { defaultMode: 0 } },
  ],
  [
    'a downwardAPI',
    { name: 'v', downwardAPI: { items: [{ path: 'p', fieldRef: { fieldPath: 'f' } }] } },
    {
      name: 'v',
      downwardAPI: {
        defaultMode: 420,
        items: [{ path: 'p', fieldRef: { fieldPath: 'f', apiVersion: 'v1' } }],
      },
    },
  ],
  [
    'a projected token',
    { name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'p' } }] } },
    {
      name: 'v',
      projected: {
        defaultMode: 420,
        sources: [{ serviceAccountToken: { path: 'p', expirationSeconds: 3600 } }],
      },
    },
  ],
])('defaults a volume with %s', (_, given, expected) => {
  expect(volumeDefaults(given)).toEqual(expected);
});

it('overwrites hashes that somebody else wrote, and changes nothing the second time', () => {
  const set = setOf({ containers: [{ name: 's', image: 'i:1', resources: { limits: { cpu: '0.5' } } }] });
  const forged = {
    ...set,
    metadata: { name: 'set', annotations: { 'kruise.io/sidecarset-hash': 'x', a: 'b' } },
  };
  const once = withDefaults(forged, sha256Hex);
  expect(once.metadata.annotations).toEqual({
    a: 'b',
    'kruise.io/sidecarset-hash': expect.stringMatching(/^[b-z2-9]{64}$/),
    'kruise.io/sidecarset-hash-without-image': expect.stringMatching(/^[b-z2-9]{64}$/),
  });
  expect(withDefaults(once, sha256Hex)).toEqual(once);
});
