/** The two images at work on the local node: what is shipped, and what is lost. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Container, Pod, PodSpec, Volume } from '../../../../../../shared/model/kubernetes.ts';
import { type Bench, script, startBench, statusOf } from '../../node/bench.ts';

const MOCK_LOG = 'registry.cn-hangzhou.aliyuncs.com/log-service/docker-log-test:latest';
const ILOGTAIL = 'sls-opensource-registry.cn-shanghai.cr.aliyuncs.com/ilogtail-community-edition/ilogtail';
const CONTROL = '/usr/local/ilogtail/ilogtail_control.sh';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const log = { name: 'log', mountPath: '/var/log/nginx' };

const nginx: Container = {
  name: 'nginx',
  image: MOCK_LOG,
  command: ['/bin/sh', '-c'],
  args: ['/bin/mock_log --log-type=nginx --path=/var/log/nginx/access.log --total-count=100 --interval=2'],
  volumeMounts: [log],
};

const ilogtail = (command: string): Container => ({
  name: 'ilogtail',
  image: `${ILOGTAIL}:edge`,
  command: ['/bin/sh', '-c', command],
  livenessProbe: { exec: { command: [CONTROL, 'status'] }, periodSeconds: 1 },
  volumeMounts: [
    log,
    { name: 'checkpoint', mountPath: '/usr/local/ilogtail/checkpoint' },
    {
      name: 'config',
      mountPath: '/usr/local/ilogtail/ilogtail_config.json',
      subPath: 'ilogtail_config.json',
    },
  ],
});

const volumes = (secretName: string): Volume[] => [
  { name: 'log', emptyDir: {} },
  { name: 'checkpoint', emptyDir: {} },
  { name: 'config', secret: { secretName, defaultMode: 420 } },
];

const configFor = (topic: string) => ({
  'ilogtail_config.json': JSON.stringify({
    inputs: [{ Type: 'file_log', LogPath: '/var/log/nginx', FilePattern: 'access.log' }],
    flushers: [{ Type: 'flusher_kafka', Brokers: ['kafka:9092'], Topic: topic }],
  }),
});

/** A Pod whose agent ships to the topic, after its nginx has ended. */
const afterNginx = async (on: Bench, topic: string, command: string): Promise<Pod> => {
  await on.secret(`${topic}-config`, configFor(topic));
  const spec: PodSpec = { containers: [ilogtail(command), nginx], volumes: volumes(`${topic}-config`) };
  const pod = await on.run(spec);
  await vi.waitFor(async () => expect(await on.logs(pod, 'ilogtail')).toContain('config:'), {
    timeout: 10_000,
  });
  return on.until(pod, ({ containerStatuses = [] }) => containerStatuses[1]?.state?.terminated);
};

const term = (on: Bench, { metadata }: Pod) =>
  on.node.exec({ namespace: 'default', name: metadata.name, uid: metadata.uid ?? '' }, 'ilogtail', [
    '/bin/sh',
    '-c',
    'kill -TERM 1',
  ]);

interface Shipped {
  pod: string;
  image: string;
  at: string;
  line: string;
}

/** An agent that was killed early has not even made the file. */
const shipped = (on: Bench, topic: string): Shipped[] => {
  const file = join(on.sink, `${topic}.jsonl`);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Shipped);
};

const numbers = (records: Shipped[]): number[] =>
  records.map(({ line }) => Number(/GET \/item\/(\d+) /.exec(line)?.[1]));

it('on SIGTERM the agent ships every line once, and exits 0', async () => {
  const pod = await afterNginx(bench, 'term', `${CONTROL} start_and_block 10`);
  await term(bench, pod);
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  const records = shipped(bench, 'term');
  expect(numbers(records)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(records[0]).toEqual({
    pod: pod.metadata.name,
    image: 'edge',
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    line: expect.stringContaining('GET /item/1 '),
  });
  expect(await bench.logs(pod, 'ilogtail')).toMatch(/drained, 100 lines shipped\n$/);
});

it('killed in place of being asked, it loses lines', async () => {
  const broken = await startBench({ signals: { TERM: 'SIGKILL' } });
  try {
    const pod = await afterNginx(broken, 'kill', `${CONTROL} start_and_block 10`);
    await term(broken, pod);
    const failed = await broken.until(pod, ({ phase }) => phase === 'Failed');
    expect(statusOf(failed, 'ilogtail').state?.terminated?.exitCode).toBe(137);
    expect(shipped(broken, 'kill').length).toBeLessThan(100);
  } finally {
    await broken.close();
  }
});

it('with no time to drain it ships what one step takes, and still exits 0', async () => {
  const pod = await afterNginx(bench, 'short', `${CONTROL} start_and_block 0`);
  await term(bench, pod);
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(shipped(bench, 'short').length).toBeLessThan(100);
});

it('start puts the agent into the background, status asks for it, stop drains and waits for it', async () => {
  const text = `${CONTROL} status; ${CONTROL} start; ${CONTROL} status; until [[ -f /var/log/nginx/done ]]; do sleep 0.05; done; ${CONTROL} stop; ${CONTROL} status`;
  await bench.secret('hand-config', configFor('hand'));
  const agent = { ...ilogtail(text), livenessProbe: undefined };
  const args = [`${nginx.args?.[0]}; touch /var/log/nginx/done`];
  const pod = await bench.run({ containers: [agent, { ...nginx, args }], volumes: volumes('hand-config') });
  const ended = await bench.until(pod, ({ phase }) => phase === 'Failed');
  expect(statusOf(ended, 'ilogtail').state?.terminated?.exitCode).toBe(1);
  const said = (await bench.logs(pod, 'ilogtail')).split('\n').filter((line) => /^ilogtail is /.test(line));
  expect(said).toEqual([
    'ilogtail is not running',
    'ilogtail is running',
    'ilogtail is stopped',
    'ilogtail is not running',
  ]);
  expect(numbers(shipped(bench, 'hand'))).toHaveLength(100);
});

it('a configuration that can not be read ends the agent with 1 and its place', async () => {
  await bench.secret('torn', { 'ilogtail_config.json': '{"inputs": [}' });
  const pod = await bench.run({
    containers: [ilogtail(`${CONTROL} start_and_block 1`)],
    volumes: volumes('torn'),
  });
  const failed = await bench.until(pod, ({ phase }) => phase === 'Failed');
  expect(statusOf(failed, 'ilogtail').state?.terminated?.exitCode).toBe(1);
  expect(await bench.logs(pod, 'ilogtail')).toMatch(/ilogtail_config\.json: .* position 12/);
});

it('after an upgrade the agent goes on at its checkpoint', async () => {
  await bench.secret('moved-config', configFor('moved'));
  const slow = { ...nginx, args: [nginx.args?.[0]?.replace('--interval=2', '--interval=30') ?? ''] };
  const agent = ilogtail(`${CONTROL} start_and_block 10`);
  const pod = await bench.run({ containers: [agent, slow], volumes: volumes('moved-config') });
  await vi.waitFor(async () => expect(await bench.logs(pod, 'ilogtail')).toContain('shipped 10'), {
    timeout: 10_000,
  });
  const images = [{ name: 'ilogtail', image: `${ILOGTAIL}:latest` }];
  await bench.client.patch(
    { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true },
    pod.metadata,
    { spec: { containers: images } },
    { type: 'strategic' },
  );
  await bench.until(
    pod,
    ({ containerStatuses = [] }) =>
      containerStatuses[0]?.restartCount === 1 && containerStatuses[1]?.state?.terminated,
  );
  await vi.waitFor(async () => expect(await bench.logs(pod, 'ilogtail')).toContain('config:'), {
    timeout: 10_000,
  });
  await term(bench, pod);
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  const records = shipped(bench, 'moved');
  expect(numbers(records)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(new Set(records.map(({ image }) => image))).toEqual(new Set(['edge', 'latest']));
});

it('without a configuration the agent takes the access log of nginx', async () => {
  await bench.secret('empty', {});
  const pod = await bench.run({
    containers: [
      ilogtail(`${CONTROL} start_and_block 10`),
      script('quick', 'echo one >/var/log/nginx/access.log', { volumeMounts: [log] }),
    ],
    volumes: volumes('empty'),
  });
  await bench.until(pod, ({ containerStatuses = [] }) => containerStatuses[1]?.state?.terminated);
  await vi.waitFor(async () => expect(await bench.logs(pod, 'ilogtail')).toContain('config:'), {
    timeout: 10_000,
  });
  await term(bench, pod);
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(shipped(bench, 'nginx-access-log').map(({ line }) => line)).toEqual(['one']);
});
