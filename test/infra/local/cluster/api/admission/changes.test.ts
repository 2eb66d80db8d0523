import { describe, expect, it } from 'vitest';
import { type Api, CONFIG_MAPS, configMap, MUTATING, PODS, pod, VALIDATING, webhook } from '../api.ts';
import { ALLOWED, annotate, patching, type Respond, rules, startReviewed } from './reviews.ts';

describe('changes', () => {
  it('a patch is applied, defaulted and stored', async () => {
    const container = { name: 'side', image: 'side' };
    const { surePost } = startReviewed({
      inject: () => patching({ op: 'add', path: '/spec/containers/0', value: container }),
    });
    await surePost(MUTATING, webhook('inject', rules(['pods'], ['CREATE'])));
    expect((await surePost(PODS, pod('web'))).spec['containers']).toMatchObject([
      { name: 'side', imagePullPolicy: 'Always' },
      { name: 'main' },
    ]);
  });

  it('what a webhook makes of an object is validated like anything else', async () => {
    const { surePost, post } = startReviewed({
      inject: () => patching({ op: 'remove', path: '/spec/containers/0/image' }),
    });
    await surePost(MUTATING, webhook('inject'));
    const { status, failure } = await post(PODS, pod('web'));
    expect([status, failure.details.causes?.[0]?.field]).toEqual([422, 'spec.containers[0].image']);
  });

  it.each<[string, string, string, string[]]>([
    ['is asked again when a later one changed the object', 'IfNeeded', 'Never', ['a', 'b', 'a']],
    ['is not asked again without the policy', 'Never', 'IfNeeded', ['a', 'b']],
  ])('an earlier webhook %s', async (_, first, second, expected) => {
    const { surePost, hooks } = startReviewed({ b: () => annotate('b') });
    await surePost(MUTATING, webhook('a', { reinvocationPolicy: first }));
    await surePost(MUTATING, webhook('b', { reinvocationPolicy: second }));
    await surePost(PODS, pod('web'));
    expect(hooks()).toEqual(expected);
  });

  it('a patch that changes nothing asks nobody again', async () => {
    const { surePost, hooks } = startReviewed({
      b: () => patching({ op: 'test', path: '/kind', value: 'Pod' }),
    });
    await surePost(MUTATING, webhook('a', { reinvocationPolicy: 'IfNeeded' }));
    await surePost(MUTATING, webhook('b'));
    await surePost(PODS, pod('web'));
    expect(hooks()).toEqual(['a', 'b']);
  });

  it('a status webhook can not change the spec, nor a main one the status', async () => {
    const { surePost, patch } = startReviewed({
      status: () => patching({ op: 'add', path: '/spec/nodeName', value: 'n' }),
      main: () => patching({ op: 'add', path: '/status/phase', value: 'Running' }),
    });
    await surePost(PODS, pod('web'));
    await surePost(MUTATING, webhook('status', rules(['pods/status'])));
    await surePost(MUTATING, webhook('main', rules(['pods'])));
    const status = (await patch('merge', `${PODS}/web/status`, { status: { podIP: '1' } })).object;
    const main = (await patch('merge', `${PODS}/web`, { metadata: { labels: { a: 'b' } } })).object;
    expect([status.spec['nodeName'], main.status['phase'], main.status['podIP']]).toEqual([
      undefined,
      'Pending',
      '1',
    ]);
  });
});

describe('races', () => {
  /** Runs `meanwhile` in the first review only. */
  const once = (meanwhile: () => Promise<unknown>): Respond => {
    let done = false;
    return async () => {
      if (!done) {
        done = true;
        await meanwhile();
      }
      return ALLOWED;
    };
  };
  const racing = async (path: string, meanwhile: (api: Api) => Promise<unknown>) => {
    const api: ReturnType<typeof startReviewed> = startReviewed({ check: once(() => meanwhile(api)) });
    const created = await api.surePost(path, configMap('a', { key: 'old' }));
    await api.surePost(VALIDATING, webhook('check', rules(['configmaps'])));
    return { ...api, created };
  };

  it('a patch without a version is made again on what somebody else wrote meanwhile', async () => {
    const { patch, reviews } = await racing(CONFIG_MAPS, (api) =>
      api.patch('merge', `${CONFIG_MAPS}/a`, { data: { other: 'x' } }),
    );
    const { object } = await patch('merge', `${CONFIG_MAPS}/a`, { data: { mine: 'y' } });
    expect(object.data).toEqual({ key: 'old', other: 'x', mine: 'y' });
    expect(reviews).toHaveLength(3);
  });

  it('a write with a version is a conflict then', async () => {
    const { put, created } = await racing(CONFIG_MAPS, (api) =>
      api.patch('merge', `${CONFIG_MAPS}/a`, { data: { other: 'x' } }),
    );
    expect((await put(`${CONFIG_MAPS}/a`, { ...created, data: {} })).status).toBe(409);
  });

  it('a patch of an object that goes away meanwhile is not found', async () => {
    const { patch } = await racing(CONFIG_MAPS, (api) => api.remove(`${CONFIG_MAPS}/a`));
    expect((await patch('merge', `${CONFIG_MAPS}/a`, { data: {} })).status).toBe(404);
  });

  it('of two creations of a name at the same time one wins', async () => {
    const { post } = await racing(CONFIG_MAPS, (api) => api.post(CONFIG_MAPS, configMap('b')));
    expect((await post(CONFIG_MAPS, configMap('b'))).status).toBe(409);
  });
});
