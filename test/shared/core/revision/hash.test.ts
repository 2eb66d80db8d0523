import { expect, it } from 'vitest';
import { sidecarSetHashes } from '../../../../shared/core/revision/hash.ts';
import { withDefaults } from '../../../../shared/core/validation/defaults.ts';
import { sha256Hex } from '../../../../shared/io/digest.ts';
import type { SidecarContainer, SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';

const hashesOf = (spec: SidecarSetSpec) => {
  const set = withDefaults({ metadata: { name: 'set' }, spec }, sha256Hex);
  return sidecarSetHashes(set.spec, sha256Hex);
};

const hashOf = (...containers: SidecarContainer[]): string => hashesOf({ containers }).hash;

it.each<[string, SidecarSetSpec, string, string]>([
  [
    'a container',
    { containers: [{ name: 'dns-f', image: 'dns:1.0' }] },
    '6wbd76bd7984x24fb4f44fv9222cw9v9bcf85x766744wddd4zwx927zzz2zb684',
    '82684vwf9d4cb4wz4vffx4ddfbb47ww4z4wwxdbwb8w2zbb7zvf4524cdd49bv94',
  ],
  [
    'another container',
    { containers: [{ name: 's', image: 'i:1' }] },
    '26fzw42cc4b554cxfc999z296v45z27d7744xwf7c74968f449xw86ff5v72v58w',
    'fcw7z4bxw95d29z24d2xbbdxf2fd88c5f696bbz4fd7988xwdz8w4wv74xd4x26x',
  ],
  [
    'plain init containers only, which do not count',
    { initContainers: [{ name: 's', image: 'i:1' }] },
    'x5vwx9w6vv4dv72c9w4c2f6v74fbwx545b45bbfz6z2dvf8w887xw86fvcb4cf48',
    'x5vwx9w6vv4dv72c9w4c2f6v74fbwx545b45bbfz6z2dvf8w887xw86fvcb4cf48',
  ],
])('gives the hashes of OpenKruise for %s', (_, spec, hash, withoutImage) => {
  expect(hashesOf(spec)).toEqual({ hash, withoutImage });
});

it('writes every kind of field as Go does: zero values, pointers, escapes, quantities', () => {
  const container: SidecarContainer & Record<string, unknown> = {
    name: 'rich',
    image: 'r.io:5000/a/b@sha256:00',
    env: [
      { name: 'A', value: '<&>' },
      { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
    ],
    resources: { limits: { memory: '1024Mi', cpu: '0.5' }, requests: { cpu: '100u' } },
    ports: [{ containerPort: 80, hostPort: 0 }],
    startupProbe: { tcpSocket: { port: 'http' } },
    readinessProbe: { httpGet: { port: 8080 } },
    lifecycle: { preStop: { sleep: { seconds: 0 } } },
    securityContext: { runAsUser: 0, privileged: false, capabilities: {} },
    volumeMounts: [{ mountPath: '/a', name: 'a', readOnly: false }],
    stdin: false,
  };
  // Taken from Go: json.Marshal of the defaulted container, SHA-256, safe encoding.
  expect(hashOf(container)).toBe('64d6x466z82787fz2d769469695c8dz7fv52bvcd67z5wbzw2vvcz2xwbxb822bb');
});

it.each<[string, SidecarContainer, SidecarContainer, boolean]>([
  ['an explicit zero', { name: 'a', image: 'i' }, { name: 'a', image: 'i', args: [] }, true],
  ['1Gi and 1024Mi', limits('1Gi'), limits('1024Mi'), true],
  ['1 and +1, as OpenKruise', limits('1'), limits('+1'), false],
  [
    'an env value',
    { name: 'a', env: [{ name: 'A' }] },
    { name: 'a', env: [{ name: 'A', value: 'x' }] },
    false,
  ],
])('tells apart what OpenKruise does: %s', (_, left, right, same) => {
  expect(hashOf(left) === hashOf(right)).toBe(same);
});

it('counts a field that the types do not know, whatever the order of its keys', () => {
  const container = { name: 'a', image: 'i' };
  const rules = { ...container, restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In' } }] };
  const reordered = {
    ...container,
    restartPolicyRules: [{ exitCodes: { operator: 'In' }, action: 'Restart' }],
  };
  expect(hashOf(rules)).not.toBe(hashOf(container));
  expect(hashOf(rules)).toBe(hashOf(reordered));
});

it('counts all init containers once one of them is a native sidecar', () => {
  const containers = [{ name: 'a', image: 'i' }];
  const plain = { name: 'plain', image: 'p:1' };
  const native = { name: 'native', image: 'n:1', restartPolicy: 'Always' };
  const hashes = [[], [plain], [native], [plain, native]].map(
    (initContainers) => hashesOf({ containers, initContainers }).hash,
  );
  expect(hashes[1]).toBe(hashes[0]);
  expect(new Set(hashes).size).toBe(3);
});

function limits(memory: string): SidecarContainer {
  return { name: 'a', image: 'i', resources: { limits: { memory } } };
}
