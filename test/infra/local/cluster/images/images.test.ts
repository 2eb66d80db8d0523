import { expect, it } from 'vitest';
import { createImages } from '../../../../../infra/local/cluster/images/images.ts';

const MOCK_LOG = 'registry.cn-hangzhou.aliyuncs.com/log-service/docker-log-test';
const ILOGTAIL = 'sls-opensource-registry.cn-shanghai.cr.aliyuncs.com/ilogtail-community-edition/ilogtail';
const images = createImages({ sink: '/sink' });

it.each([
  `${MOCK_LOG}:latest`,
  MOCK_LOG,
  `${ILOGTAIL}:edge`,
  `${ILOGTAIL}:latest`,
  'local/busybox',
])('%s is known', (reference) => {
  const [repository] = reference.split(':');
  expect(images.find(reference)?.id).toMatch(new RegExp(`^${repository}@sha256:[0-9a-f]{64}$`));
});

it.each([
  'busybox',
  'busybox:1.36',
  'docker.io/busybox:latest',
  'docker.io/library/busybox:musl',
  `busybox@sha256:${'a'.repeat(64)}`,
  'sidecarset-exit',
  'sidecarset-exit:1',
])('%s is known whatever its tag', (reference) => {
  const repository = reference.replace(/[:@].*/, '');
  expect(images.find(reference)?.id).toMatch(new RegExp(`^${repository}@sha256:[0-9a-f]{64}$`));
});

it.each([
  `${ILOGTAIL}:edgy`,
  `registry.example/${MOCK_LOG}`,
  'docker-log-test',
  'localhost:5000/busybox',
  'other/busybox',
  'Busybox',
  '',
])('%s is not known', (reference) => {
  expect(images.find(reference)).toBeUndefined();
});

it('each tag has an id of its own', () => {
  expect(images.find(`${ILOGTAIL}:edge`)?.id).not.toBe(images.find(`${ILOGTAIL}:latest`)?.id);
});

it('lists what is known', () => {
  expect(images.known).toEqual([
    'local/busybox:latest',
    `${MOCK_LOG}:latest`,
    `${ILOGTAIL}:edge`,
    `${ILOGTAIL}:latest`,
    'busybox:*',
    'sidecarset-exit:*',
  ]);
});

it('knows more if it is given more', () => {
  const image = { entrypoint: ['/a'], cmd: [], env: {}, files: {}, directories: [] };
  const more = createImages({ sink: '/sink', more: new Map([['test/a:1', image]]) });
  expect(more.find('test/a:1')).toMatchObject({ entrypoint: ['/a'] });
  expect(more.find('test/a')).toBeUndefined();
  expect(more.known).toContain('test/a:1');
});
