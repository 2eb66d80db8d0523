import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  revisionData,
  revisionHash,
  revisionName,
} from '../../../../shared/core/revision/controllerRevision.ts';
import { withDefaults } from '../../../../shared/core/validation/defaults.ts';
import type { SidecarSetSpec } from '../../../../shared/model/sidecarset.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const defaulted = (spec: SidecarSetSpec): SidecarSetSpec =>
  withDefaults({ metadata: { name: 'demo' }, spec }, digest).spec;

const spec = defaulted({ containers: [{ name: 's', image: 'i:1' }] });

it('holds the five restored keys, sorted at every level, and the name that OpenKruise gives it', () => {
  const data = revisionData(spec);
  expect(data).toBe(
    '{"spec":{"$patch":"replace","containers":[{"image":"i:1","imagePullPolicy":"IfNotPresent","name":"s",' +
      '"podInjectPolicy":"BeforeAppContainer","resources":{},"shareVolumePolicy":{"type":"disabled"},' +
      '"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",' +
      '"upgradeStrategy":{"upgradeType":"ColdUpgrade"}}],' +
      '"imagePullSecrets":null,"initContainers":null,"patchPodMetadata":null,"volumes":null}}',
  );
  expect(revisionName('demo', revisionHash(data, 0))).toBe('demo-6cc7bcb749');
});

it.each<[string, SidecarSetSpec]>([
  ['volumes', { ...spec, volumes: [{ name: 'v', emptyDir: {} }] }],
  ['pull secrets', { ...spec, imagePullSecrets: [{ name: 's' }] }],
  ['init containers', { ...spec, initContainers: [{ name: 'i', image: 'i:1' }] }],
  ['an image', defaulted({ containers: [{ name: 's', image: 'i:2' }] })],
])('changes with %s', (_, changed) => {
  expect(revisionData(changed)).not.toBe(revisionData(spec));
});

it.each<[string, SidecarSetSpec]>([
  ['the selector', { ...spec, selector: { matchLabels: { a: 'b' } } }],
  ['strategies', { ...spec, updateStrategy: { paused: true }, injectionStrategy: { paused: true } }],
  ['empty lists', { ...spec, volumes: [], initContainers: [] }],
])('does not change with %s', (_, changed) => {
  expect(revisionData(changed)).toBe(revisionData(spec));
});

it('gives another hash for another collision count, over UTF-8', () => {
  const expected = [0xc3, 0xa9, 0xe6, 0x97, 0xa5, 0xf0, 0x9f, 0x98, 0x80, 0x30].reduce(
    (hash: bigint, byte) => ((hash * 0x01000193n) & 0xffffffffn) ^ BigInt(byte),
    0x811c9dc5n,
  );
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const encoded = [...String(expected)].map((digit) => alphabet[digit.charCodeAt(0) % 27]).join('');
  expect(revisionHash('é日😀', 0)).toBe(encoded);
  expect(revisionHash('é日😀', 1)).not.toBe(encoded);
});

it('cuts a long name', () => {
  expect(revisionName('x'.repeat(300), 'h')).toBe(`${'x'.repeat(223)}-h`);
});
