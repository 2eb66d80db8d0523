import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  ApiError,
  type KubeletEndpoint,
  type LogOptions,
} from '../../../../../infra/local/cluster/api/types.ts';
import { PODS, pod, startTestFace, type TestFace } from './face.ts';

const asked: { pod: string; container: string; options: LogOptions }[] = [];

const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));

const kubelet: KubeletEndpoint = {
  async *logs({ name }, container, options) {
    asked.push({ pod: name, container, options });
    if (name === 'waiting') throw new ApiError(400, 'BadRequest', 'container "main" is waiting to start');
    if (name === 'silent') return;
    yield 'first\n';
    if (options.follow) await aborted(options.signal);
    yield 'last\n';
  },
  exec: () => Promise.reject(new Error('not asked for here')),
};

let face: TestFace;
beforeAll(async () => {
  face = await startTestFace({ kubelet });
  await face.write('POST', PODS, pod('web'));
  await face.write('POST', PODS, pod('two', ['main', 'side']));
  await face.write('POST', PODS, pod('waiting'));
  await face.write('POST', PODS, pod('silent'));
  await face.write('POST', PODS, {
    ...pod('unscheduled'),
    spec: { containers: [{ name: 'main', image: 'nginx:1' }] },
  });
});
afterAll(() => face.close());

describe('pods/log', () => {
  it("is the only container's output as plain text", async () => {
    const answer = await face.call(`${PODS}/web/log`);
    expect([answer.status, answer.text]).toEqual([200, 'first\nlast\n']);
    expect(answer.headers['content-type']).toContain('text/plain');
  });

  it('is empty for a container that wrote nothing', async () => {
    const answer = await face.call(`${PODS}/silent/log`);
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  it('hands container, previous and tailLines to the node', async () => {
    await face.call(`${PODS}/two/log?container=side&previous=true&tailLines=3`);
    const options = expect.objectContaining({ previous: true, tailLines: 3, follow: false });
    expect(asked).toContainEqual({ pod: 'two', container: 'side', options });
  });

  it('is there for an ephemeral container too', async () => {
    const added = await face.call(`${PODS}/two/ephemeralcontainers`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox:1' }] } },
    });
    expect(added.status).toBe(200);
    expect((await face.call(`${PODS}/two/log?container=debug`)).status).toBe(200);
  });

  it('follows until the reader is gone', async () => {
    const stream = await face.stream(`${PODS}/web/log?follow=true`);
    await vi.waitFor(() => expect(stream.lines).toEqual(['first']));
    const { signal } = asked.findLast(({ options }) => options.follow)?.options ?? {};
    expect(signal?.aborted).toBe(false);
    stream.stop();
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
  });

  it.each([
    ['several containers and none chosen', 'two/log', 400, 'choose one of: [main side]'],
    [
      'a container that is not in the pod',
      'two/log?container=x',
      400,
      'container x is not valid for pod two',
    ],
    ['a container that has not started', 'waiting/log', 400, 'waiting to start'],
    ['a pod on no node', 'unscheduled/log', 400, 'does not have a host assigned'],
    ['a pod that is not there', 'none/log', 404, 'pods "none" not found'],
    ['options that are not supported', 'web/log?timestamps=true&limitBytes=3', 501, 'timestamps, limitBytes'],
    ['a number of lines that is none', 'web/log?tailLines=-1', 400, 'tailLines'],
  ])('is refused for %s', async (_name, path, code, message) => {
    const answer = await face.call(`${PODS}/${path}`);
    expect([answer.status, answer.json()]).toMatchObject([
      code,
      { kind: 'Status', message: expect.stringContaining(message) },
    ]);
  });

  it('is refused while there is no node', async () => {
    const alone = await startTestFace();
    await alone.write('POST', PODS, pod('web'));
    expect((await alone.call(`${PODS}/web/log`)).status).toBe(503);
    await alone.close();
  });
});
