import { describe, expect, it } from 'vitest';
import type { WebhookCaller } from '../../../../../../infra/local/cluster/api/types.ts';
import { type Json, MUTATING, PODS, pod, startApi, VALIDATING, webhook } from '../api.ts';
import { patching, type Respond, startReviewed } from './reviews.ts';

describe('denials and failures', () => {
  it.each<[Json | undefined, number, string, string]>([
    [{ code: 403, reason: 'Forbidden', message: 'not here' }, 403, 'Forbidden', ': not here'],
    [
      { code: 422, message: 'bad', details: { causes: [{ field: 'spec', message: 'bad', reason: 'X' }] } },
      422,
      '',
      ': bad',
    ],
    [{ message: 'no code' }, 400, '', ': no code'],
    [{ code: 200, message: 'odd' }, 400, '', ': odd'],
    [{ reason: 'Invalid' }, 400, 'Invalid', ': Invalid'],
    [undefined, 400, '', ' without explanation'],
  ])('a denial with status %j', async (status, code, reason, ending) => {
    for (const collection of [MUTATING, VALIDATING]) {
      const { surePost, post, get } = startReviewed({
        check: () => ({ allowed: false, ...(status && { status }) }),
      });
      await surePost(collection, webhook('check', { failurePolicy: 'Ignore' }));
      const answer = await post(PODS, pod('web'));
      expect(answer.status).toBe(code);
      expect(answer.failure.message).toBe(
        `admission webhook "check.example.com" denied the request${ending}`,
      );
      expect(answer.failure.reason ?? '').toBe(reason);
      expect(answer.failure.details).toEqual(status?.['details']);
      expect((await get(`${PODS}/web`)).status).toBe(404);
    }
  });

  const answering =
    (answer: (uid: string) => { status: number; body: unknown }): WebhookCaller =>
    async ({ body }) =>
      answer((body as { request: { uid: string } }).request.uid);
  const review = (response: Json) => ({
    status: 200,
    body: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response },
  });

  it.each<[string, WebhookCaller, string]>([
    [
      'refuses connections',
      () => Promise.reject(new Error('connect ECONNREFUSED')),
      'failed to call webhook: Post "https://127.0.0.1:1/check?timeout=10s": connect ECONNREFUSED',
    ],
    ['answers 500', answering(() => ({ status: 500, body: 'oops' })), 'an error on the server ("oops")'],
    ['answers text', answering(() => ({ status: 200, body: 'hello' })), 'cannot unmarshal string'],
    [
      'answers another kind',
      answering(() => ({ status: 200, body: { kind: 'Pod' } })),
      'no kind "Pod" is registered',
    ],
    [
      'answers no response',
      answering(() => ({
        status: 200,
        body: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' },
      })),
      'response was absent',
    ],
    [
      'answers another review',
      answering(() => review({ uid: 'other', allowed: true })),
      'expected response.uid=',
    ],
    [
      'says neither yes nor no',
      answering((uid) => review({ uid, allowed: 'yes' })),
      'cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool',
    ],
    [
      'sends a patch of no type',
      answering((uid) => review({ uid, allowed: true, patch: 'W10=' })),
      'patchType',
    ],
    [
      'sends a patch that is none',
      answering((uid) => review({ uid, allowed: true, patch: 'e30=', patchType: 'JSONPatch' })),
      'undecodable patch',
    ],
  ])('a webhook that %s fails the request or is passed over', async (_, callWebhook, message) => {
    const { surePost, post } = startApi({ callWebhook });
    await surePost(MUTATING, webhook('check', { failurePolicy: 'Ignore' }));
    expect((await post(PODS, pod('web'))).status).toBe(201);
    await surePost(MUTATING, webhook('must', { ...webhook('check').webhooks[0], failurePolicy: 'Fail' }));
    const { status, failure } = await post(PODS, pod('web-2'));
    expect([status, failure.reason]).toEqual([500, 'InternalError']);
    expect(failure.message).toContain(
      'Internal error occurred: failed calling webhook "check.example.com": ',
    );
    expect(failure.message).toContain(message);
  });

  it('a patch that does not apply fails the request whatever the policy', async () => {
    const { surePost, post } = startReviewed({
      check: () => patching({ op: 'remove', path: '/spec/no/no' }),
    });
    await surePost(MUTATING, webhook('check', { failurePolicy: 'Ignore' }));
    expect((await post(PODS, pod('web'))).status).toBe(500);
  });

  it('a webhook that does not answer in its time has failed', async () => {
    const { surePost, post, clock, reviews } = startReviewed({
      check: () => new Promise<Json>(() => undefined),
    });
    await surePost(VALIDATING, webhook('check', { timeoutSeconds: 3 }));
    const answer = post(PODS, pod('web'));
    await expect.poll(() => reviews.length).toBe(1);
    clock.pass(3000);
    expect((await answer).failure.message).toContain('?timeout=3s": context deadline exceeded');
    expect(clock.pending()).toBe(0);
  });

  it('validating webhooks are asked at once, and the first refusal in their order counts', async () => {
    const waiting: (() => void)[] = [];
    const refuse =
      (message: string): Respond =>
      async () => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return { allowed: false, status: { code: 403, message } };
      };
    const { surePost, post, reviews } = startReviewed({ a: refuse('a'), b: refuse('b') });
    for (const name of ['b', 'a']) await surePost(VALIDATING, webhook(name));
    const answer = post(PODS, pod('web'));
    await expect.poll(() => reviews.length).toBe(2);
    for (const go of waiting.reverse()) go();
    expect((await answer).failure.message).toMatch(/: a$/);
  });

  it('warnings travel with the answer, also with a refusal', async () => {
    const { surePost, post } = startReviewed({
      a: () => ({ allowed: true, warnings: ['careful'] }),
      b: () => ({ allowed: false, warnings: ['too late'] }),
    });
    await surePost(MUTATING, webhook('a'));
    expect((await post(PODS, pod('web'))).warnings).toEqual(['careful']);
    await surePost(VALIDATING, webhook('b'));
    expect((await post(PODS, pod('web-2'))).warnings).toEqual(['careful', 'too late']);
  });
});
