/** Which webhooks are asked, in which order, and how often. */
import { expect } from 'vitest';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  eventually,
  freshName,
  freshNamespace,
  pod,
  podsIn,
} from './harness/contract.ts';
import { ALLOWED, configurationsOf, entry, patching, register, registers, ruleFor } from './harness/hooks.ts';
import type { Review, Verdict } from './harness/webhook.ts';

/** A webhook server whose answers depend on the path; it notes the paths. */
const startNamed = async (api: Api, answers: Record<string, (review: Review) => Verdict> = {}) => {
  const order: string[] = [];
  const started: Record<string, Awaited<ReturnType<Api['webhook']>>> = {};
  const named = async (name: string) => {
    const webhook = await api.webhook((review) => {
      order.push(name);
      return answers[name]?.(review) ?? ALLOWED;
    });
    started[name] = webhook;
    return webhook;
  };
  return { order, named, reviews: (name: string) => started[name]?.reviews ?? [] };
};

const annotations = ({ request }: Review) =>
  (request.object?.metadata.annotations ?? {}) as Record<string, string>;

/** Adds a letter to an annotation, as an object that is changed by each webhook in turn. */
const appending = (letter: string) => (review: Review) => {
  const text = `${annotations(review)['trail'] ?? ''}${letter}`;
  return patching({ op: 'add', path: '/metadata/annotations', value: { trail: text } });
};

contract(
  'mutating webhooks go by the names of configurations, then by position, before all validating ones',
  { behaviour: 'loses the patches', verdict: () => ALLOWED },
  async (api) => {
    const namespace = await freshNamespace();
    const { order, named, reviews } = await startNamed(api, {
      a: appending('a'),
      b: appending('b'),
      c: appending('c'),
    });
    const base = freshName('order');
    const place = { kind: 'Mutating' as const, namespace };
    const validating = entry(await named('check'), namespace);
    await register(api, { kind: 'Validating', namespace, name: `${base}-0` }, [validating]);
    await register(api, { ...place, name: `${base}-2` }, [entry(await named('c'), namespace)]);
    await register(api, { ...place, name: `${base}-1` }, [
      entry(await named('a'), namespace, { name: 'z.example.com' }),
      entry(await named('b'), namespace, { name: 'a.example.com' }),
    ]);
    const { metadata } = await api.surePost(podsIn(namespace), pod('web'));
    expect(order).toEqual(['a', 'b', 'c', 'check']);
    expect(metadata.annotations).toEqual({ trail: 'abc' });
    expect(reviews('check').map(annotations)).toEqual([{ trail: 'abc' }]);
    expect(reviews('b').map(annotations)).toEqual([{ trail: 'a' }]);
  },
);

contract(
  'a webhook that wants it is asked once more, and only if a later one has changed the object',
  {
    behaviour: 'never asks again',
    review: (() => {
      const seen = new Set<string>();
      return (review: Review) => {
        const key = JSON.stringify([review.request.object?.metadata.name, annotations(review)['trail']]);
        if (annotations(review)['trail'] === 'ab' && !seen.has(key)) return undefined;
        seen.add(key);
        return review;
      };
    })(),
  },
  async (api) => {
    const namespace = await freshNamespace();
    const quiet = (letter: string) => (review: Review) =>
      annotations(review)['trail']?.includes(letter) ? ALLOWED : appending(letter)(review);
    const { order, named, reviews } = await startNamed(api, { first: quiet('a'), second: quiet('b') });
    const again = { reinvocationPolicy: 'IfNeeded' };
    await register(api, { kind: 'Mutating', namespace }, [
      entry(await named('first'), namespace, { ...again, name: 'a.example.com' }),
      entry(await named('never'), namespace, { name: 'b.example.com' }),
      entry(await named('second'), namespace, { ...again, name: 'c.example.com' }),
    ]);
    await api.surePost(podsIn(namespace), pod('web'));
    expect(order).toEqual(['first', 'never', 'second', 'first']);
    expect(reviews('first').map(annotations)).toEqual([{}, { trail: 'ab' }]);
  },
);

contract(
  'there is one more round and no other, in which later webhooks are asked because of earlier ones',
  { behaviour: 'loses the patches', verdict: () => ALLOWED },
  async (api) => {
    const namespace = await freshNamespace();
    const { order, named } = await startNamed(api, { first: appending('a'), second: appending('b') });
    const again = { reinvocationPolicy: 'IfNeeded' };
    await register(api, { kind: 'Mutating', namespace }, [
      entry(await named('first'), namespace, { ...again, name: 'a.example.com' }),
      entry(await named('second'), namespace, { ...again, name: 'b.example.com' }),
    ]);
    const { metadata } = await api.surePost(podsIn(namespace), pod('web'));
    expect(order).toEqual(['first', 'second', 'first', 'second']);
    expect(metadata.annotations).toEqual({ trail: 'abab' });
  },
);

contract(
  'the labels of the object, the new or the old one, choose',
  {
    behaviour: 'looks at the new object only',
    review: (review) =>
      review.request.oldObject && !review.request.object?.metadata.labels ? undefined : review,
  },
  async (api) => {
    const namespace = await freshNamespace();
    const webhook = await api.webhook(() => ALLOWED);
    await register(api, { kind: 'Validating', namespace }, [
      entry(webhook, namespace, { objectSelector: { matchLabels: { app: 'web' } } }),
    ]);
    const path = podsIn(namespace);
    await api.surePost(path, pod('other', { metadata: { labels: { app: 'other' } } }));
    await api.surePost(path, pod('web', { metadata: { labels: { app: 'web' } } }));
    await api.patch('merge', `${path}/web`, { metadata: { labels: null } });
    await api.patch('merge', `${path}/web`, { metadata: { annotations: { a: 'b' } } });
    const labels = webhook.reviews.map(({ request }) =>
      [request.oldObject, request.object].map((object) => object?.metadata.labels),
    );
    // A write may be tried twice: then it is reviewed twice.
    expect(new Set(labels)).toEqual(
      new Set([
        [undefined, { app: 'web' }],
        [{ app: 'web' }, undefined],
      ]),
    );
  },
);

contract(
  'the labels of the namespace choose, and a namespace is judged by its own',
  registers('asks about every namespace', (webhook) => {
    webhook['namespaceSelector'] = {};
  }),
  async (api) => {
    const team = freshName('team');
    const [inside, outside] = [await freshNamespace({ team }), await freshNamespace()];
    const webhook = await api.webhook(() => ALLOWED);
    await register(api, { kind: 'Validating', namespace: inside }, [
      entry(webhook, inside, {
        namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: [team] }] },
        rules: [ruleFor(['pods', 'namespaces'])],
      }),
    ]);
    await api.surePost(podsIn(outside), pod('web'));
    await api.surePost(podsIn(inside), pod('web'));
    await api.patch('merge', `/api/v1/namespaces/${outside}`, { metadata: { annotations: { a: 'b' } } });
    await api.patch('merge', `/api/v1/namespaces/${inside}`, { metadata: { annotations: { a: 'b' } } });
    const asked = webhook.reviews.map(({ request }) => [request.operation, request.namespace, request.name]);
    expect(new Set(asked)).toEqual(
      new Set([
        ['CREATE', inside, 'web'],
        ['UPDATE', inside, inside],
      ]),
    );
  },
);

contract(
  'rules choose by resource, subresource and operation',
  {
    behaviour: 'takes pods/* for pods',
    review: (review) => (review.request.subResource ? review : undefined),
  },
  async (api) => {
    const namespace = await freshNamespace();
    const { order, named } = await startNamed(api);
    const rules: [string, string[], string[]][] = [
      ['pods', ['pods'], ['*']],
      ['status', ['pods/status'], ['*']],
      ['subresources', ['pods/*'], ['*']],
      ['all', ['*'], ['*']],
      ['everything', ['*/*'], ['*']],
      ['deletes', ['pods'], ['DELETE']],
      ['config maps', ['configmaps'], ['CREATE', 'UPDATE']],
    ];
    const entries = await Promise.all(
      rules.map(async ([name, resources, operations], index) =>
        entry(await named(name), namespace, {
          name: `rule-${index}.example.com`,
          rules: [ruleFor(resources, operations)],
        }),
      ),
    );
    await register(api, { kind: 'Validating', namespace }, entries);
    const path = podsIn(namespace);
    const asked = () => [...new Set(order.splice(0))].sort();
    asked();
    await api.surePost(path, pod('web'));
    expect(asked()).toEqual(['all', 'everything', 'pods', 'subresources']);
    await api.patch('merge', `${path}/web/status`, { status: { phase: 'Running' } });
    expect(asked()).toEqual(['everything', 'status', 'subresources']);
    await api.surePost(configMapsIn(namespace), configMap('a'));
    expect(asked()).toEqual(['all', 'config maps', 'everything']);
  },
);

/** Served in two versions by the group of autoscaling on the real server; here by a definition of the test's own. */
const definition = (group: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `gadgets.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
    versions: ['v1', 'v2'].map((name) => ({
      name,
      served: true,
      storage: name === 'v1',
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    })),
  },
});

contract(
  'a rule for one version stands for all under matchPolicy Equivalent, which is the default, and for itself under Exact',
  {
    behaviour: 'sends the version of the request',
    review: (review) => ({
      ...review,
      request: { ...review.request, kind: review.request['requestKind'] as Review['request']['kind'] },
    }),
  },
  async (api) => {
    const namespace = await freshNamespace();
    const group = `${freshName('g')}.example.com`;
    await api.surePost('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(group));
    const gadgets = `/apis/${group}/v2/namespaces/${namespace}/gadgets`;
    await eventually(async () => (await api.get(gadgets)).status === 200);
    const { order, named, reviews } = await startNamed(api);
    const rules = [{ ...ruleFor(['gadgets']), apiGroups: [group], apiVersions: ['v1'] }];
    await register(api, { kind: 'Validating', namespace }, [
      entry(await named('equivalent'), namespace, { name: 'a.example.com', rules }),
      entry(await named('exact'), namespace, { name: 'b.example.com', rules, matchPolicy: 'Exact' }),
    ]);
    const gadget = { apiVersion: `${group}/v2`, kind: 'Gadget', metadata: { name: 'one' } };
    await eventually(async () => (await api.post(gadgets, gadget, { dryRun: 'All' })).status === 201);
    expect(new Set(order)).toEqual(new Set(['equivalent']));
    expect(reviews('equivalent')[0]?.request).toMatchObject({
      kind: { group, version: 'v1', kind: 'Gadget' },
      resource: { group, version: 'v1', resource: 'gadgets' },
      requestKind: { group, version: 'v2', kind: 'Gadget' },
      requestResource: { group, version: 'v2', resource: 'gadgets' },
      object: { apiVersion: `${group}/v1` },
    });
    await api.remove(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`);
  },
);

contract(
  'configurations of webhooks are never sent to webhooks',
  {
    behaviour: 'lets a webhook refuse them',
    answer: (answer, { path }) => (path.endsWith('/other') ? { ...answer, status: 500 } : answer),
  },
  async (api) => {
    const namespace = await freshNamespace();
    const webhook = await api.webhook(() => ({ allowed: false }));
    const name = freshName('self');
    const own = entry(webhook, namespace, {
      namespaceSelector: {},
      objectSelector: { matchLabels: { own: name } },
      rules: [{ ...ruleFor(['*/*']), scope: 'Cluster' }],
    });
    await register(api, { kind: 'Validating', namespace, name }, [own]);
    const path = `${configurationsOf('Validating')}/${name}`;
    const { status } = await api.patch('merge', path, { metadata: { labels: { own: name } } });
    expect([status, webhook.reviews]).toEqual([200, []]);
    expect((await api.get(`${path}/other`)).status).toBe(404);
  },
);
