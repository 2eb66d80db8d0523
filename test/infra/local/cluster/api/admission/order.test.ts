import { describe, expect, it } from 'vitest';
import { MUTATING, PODS, pod, VALIDATING, webhook } from '../api.ts';
import { annotate, rules, startReviewed } from './reviews.ts';

describe('order', () => {
  it('mutating webhooks go by configuration, then by list, and validating ones see what they left', async () => {
    const { surePost, hooks, reviews } = startReviewed({ b: () => annotate('b') });
    await surePost(MUTATING, webhook('b'));
    const [first] = webhook('a').webhooks;
    await surePost(MUTATING, {
      metadata: { name: 'a' },
      webhooks: ['a1', 'a2'].map((name) => ({
        ...first,
        name: `${name}.example.com`,
        clientConfig: { url: `https://127.0.0.1:1/${name}` },
      })),
    });
    await surePost(VALIDATING, webhook('check'));
    const created = await surePost(PODS, pod('', { metadata: { generateName: 'web-' } }));
    expect(hooks()).toEqual(['a1', 'a2', 'b', 'check']);
    const [early, late] = [reviews[0], reviews[3]];
    expect([early?.name, early?.object?.metadata.uid]).toEqual([undefined, undefined]);
    expect(early?.object).toMatchObject({ spec: { restartPolicy: 'Always' } });
    expect([late?.name, late?.object?.metadata.uid]).toEqual([created.metadata.name, created.metadata.uid]);
    expect(late?.object).toMatchObject({
      metadata: { annotations: { b: 'yes' } },
      status: { phase: 'Pending' },
    });
    expect(late?.object?.metadata.resourceVersion).toBeUndefined();
  });

  it('a review says who does what to what', async () => {
    const { api, surePost, reviews } = startReviewed({});
    await surePost(VALIDATING, webhook('check'));
    const user = { username: 'jane', groups: ['team', 'system:masters'] };
    await api.handle({ method: 'POST', path: PODS, body: pod('web'), query: { dryRun: 'All' }, user });
    expect(reviews[0]).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      name: 'web',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: user,
      oldObject: null,
      dryRun: true,
      options: { kind: 'CreateOptions', dryRun: ['All'] },
    });
  });

  it('an UPDATE is reviewed with the version that it replaces, also if it changes nothing', async () => {
    const { surePost, patch, reviews } = startReviewed({});
    await surePost(VALIDATING, webhook('check', rules(['pods', 'pods/status'], ['UPDATE'])));
    const { metadata } = await surePost(PODS, pod('web'));
    await patch('merge', `${PODS}/web`, {});
    await patch('merge', `${PODS}/web/status`, { status: { phase: 'Running' } });
    expect(reviews.map(({ subResource }) => subResource)).toEqual([undefined, 'status']);
    for (const { object, oldObject } of reviews)
      expect([object, oldObject].map((one) => one?.metadata.resourceVersion)).toEqual([
        metadata.resourceVersion,
        metadata.resourceVersion,
      ]);
    expect(reviews[1]?.object).toMatchObject({ status: { phase: 'Running' } });
    expect(reviews[1]?.oldObject).toMatchObject({ status: { phase: 'Pending' } });
  });

  it('a graceful deletion is one DELETE review with the old object only', async () => {
    const { surePost, remove, reviews } = startReviewed({});
    await surePost(PODS, pod('web', { spec: { nodeName: 'n' } }));
    await surePost(MUTATING, webhook('mutate'));
    await surePost(VALIDATING, webhook('check'));
    await remove(`${PODS}/web`);
    expect(reviews.map(({ hook, operation, name, object }) => [hook, operation, name, object])).toEqual([
      ['mutate', 'DELETE', 'web', null],
      ['check', 'DELETE', 'web', null],
    ]);
    expect(reviews[1]?.oldObject?.metadata).toMatchObject({ name: 'web' });
    expect(reviews[1]?.oldObject?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('the reviews of a deletecollection have no name', async () => {
    const { surePost, remove, reviews } = startReviewed({});
    await surePost(PODS, pod('web'));
    await surePost(VALIDATING, webhook('check'));
    await remove(PODS);
    expect(reviews.map(({ name, oldObject }) => [name, oldObject?.metadata.name])).toEqual([
      [undefined, 'web'],
    ]);
  });

  it('a binding is reviewed as a Binding', async () => {
    const { surePost, post, reviews } = startReviewed({});
    await surePost(PODS, pod('web'));
    await surePost(VALIDATING, webhook('check', rules(['pods/binding'])));
    await post(`${PODS}/web/binding`, { target: { name: 'n' } });
    expect(reviews[0]).toMatchObject({
      subResource: 'binding',
      kind: { kind: 'Binding' },
      object: { target: { name: 'n' } },
    });
  });
});
