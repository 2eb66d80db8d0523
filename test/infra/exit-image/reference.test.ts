import { expect, it } from 'vitest';
import { fullName } from '../../../infra/exit-image/reference.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

it.each([
  ['exit', 'docker.io/library/exit:latest'],
  ['exit:1', 'docker.io/library/exit:1'],
  ['tools/exit:1', 'docker.io/tools/exit:1'],
  ['docker.io/tools/exit:1', 'docker.io/tools/exit:1'],
  ['localhost/exit:1', 'localhost/exit:1'],
  ['localhost:5000/exit', 'localhost:5000/exit:latest'],
  ['registry.example.com/a/b__c/d-e.f:v1.2_3', 'registry.example.com/a/b__c/d-e.f:v1.2_3'],
  [`registry.example.com/exit:1@${DIGEST}`, `registry.example.com/exit@${DIGEST}`],
  [`exit@${DIGEST}`, `docker.io/library/exit@${DIGEST}`],
])('%s is in full %s', (reference, full) => {
  expect(fullName(reference)).toBe(full);
});

it.each([
  '',
  ' exit',
  'Exit',
  'exit:',
  'exit:1:2',
  'exit@1',
  `exit@${DIGEST}@${DIGEST}`,
  'registry.example.com/',
  'registry.example.com//exit',
  'registry.example.com/Ended',
  '-registry.example.com/exit',
  'registry.example.com:port/exit',
  'https://registry.example.com/exit',
  '$(REGISTRY)/exit',
  'exit\n',
])('%j is no name of an image', (reference) => {
  expect(fullName(reference)).toBeUndefined();
});
