import { expect, it } from 'vitest';
import { parseReference } from '../../../shared/contracts/imageReference.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

it.each<[string, string, object]>([
  ['busybox', 'docker.io/library/busybox', { tag: 'latest' }],
  ['busybox:1.36', 'docker.io/library/busybox', { tag: '1.36' }],
  ['team/agent', 'docker.io/team/agent', { tag: 'latest' }],
  ['docker.io/busybox', 'docker.io/library/busybox', { tag: 'latest' }],
  ['localhost/agent:a', 'localhost/agent', { tag: 'a' }],
  ['localhost:5000/team/agent', 'localhost:5000/team/agent', { tag: 'latest' }],
  ['registry.example/a_b/c--d.e:V1_x', 'registry.example/a_b/c--d.e', { tag: 'V1_x' }],
  ['Registry/agent', 'Registry/agent', { tag: 'latest' }],
  ['[::1]:80/agent', '[::1]:80/agent', { tag: 'latest' }],
  [`agent@${DIGEST}`, 'docker.io/library/agent', { digest: DIGEST }],
  [`agent:1@${DIGEST}`, 'docker.io/library/agent', { digest: DIGEST }],
])('%s is %s', (text, repository, rest) => {
  expect(parseReference(text)).toEqual({ kind: 'reference', repository, ...rest });
});

it.each([
  ['sidecarset.io/Ended', 'invalid reference format: repository name (Ended) must be lowercase'],
  ['Busybox:1', 'invalid reference format: repository name (library/Busybox) must be lowercase'],
  ['', 'invalid reference format'],
  [' busybox', 'invalid reference format'],
  ['agent:', 'invalid reference format'],
  ['agent:1:2', 'invalid reference format'],
  ['registry.example/', 'invalid reference format'],
  ['a___b', 'invalid reference format'],
  ['agent@sha256:abc', 'invalid reference format'],
  [`a/${'b'.repeat(254)}`, 'repository name must not be more than 255 characters'],
  ['a'.repeat(64), `invalid repository name (${'a'.repeat(64)}), cannot specify 64-byte hexadecimal strings`],
])('"%s" is none: %s', (text, why) => {
  expect(parseReference(text)).toEqual({ kind: 'invalid', why });
});
