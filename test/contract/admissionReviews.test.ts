/** Which review arrives for which request, and what it says. */
import { expect } from 'vitest';
import { type Api, contract, freshNamespace, pod, podsIn, type Sabotage } from './harness/contract.ts';
import { ALLOWED, entry, register } from './harness/hooks.ts';
import type { Review, Webhook } from './harness/webhook.ts';

type Request = Review['request'];

/**
 * Requests since the last look. A write that meets an old state in the API server's cache is tried again, reviews and
 * all: the last try counts.
 */
const distinct = ({ reviews }: Webhook): Request[] => {
  const what = ({ request }: Review) => `${request.operation} ${request.subResource} ${request.name}`;
  return reviews
    .splice(0)
    .filter((review, index, all) => all.slice(index + 1).every((later) => what(later) !== what(review)))
    .map(({ request }) => request);
};

/** Reviews of Pods by a mutating and a validating webhook. */
const watched = async (api: Api) => {
  const namespace = await freshNamespace();
  const mutating = await api.webhook(() => ALLOWED);
  const validating = await api.webhook(() => ALLOWED);
  await register(api, { kind: 'Mutating', namespace }, [entry(mutating, namespace)]);
  await register(api, { kind: 'Validating', namespace }, [entry(validating, namespace)]);
  const requests = (): [Request[], Request[]] => [distinct(mutating), distinct(validating)];
  return { namespace, path: podsIn(namespace), requests };
};

const changed = (behaviour: string, change: (request: Request) => Partial<Request> & object): Sabotage => ({
  behaviour,
  review: (review) => ({ ...review, request: { ...review.request, ...change(review.request) } }),
});

const POD = { group: '', version: 'v1', kind: 'Pod' };
const PODS = { group: '', version: 'v1', resource: 'pods' };

contract(
  'a create is reviewed before it has a uid, and validated with all that the server fills in',
  changed('shows the mutating webhook what only the server sets', ({ object }) => ({
    object: object && { ...object, metadata: { ...object.metadata, uid: 'early' } },
  })),
  async (api) => {
    const { namespace, path, requests } = await watched(api);
    const created = await api.surePost(path, pod('web', { metadata: { labels: { app: 'web' } } }));
    const [[early], [late]] = requests();
    for (const request of [early, late])
      expect(request).toMatchObject({
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        kind: POD,
        resource: PODS,
        requestKind: POD,
        requestResource: PODS,
        name: 'web',
        namespace,
        operation: 'CREATE',
        userInfo: { username: expect.any(String), groups: expect.arrayContaining(['system:masters']) },
        object: {
          kind: 'Pod',
          apiVersion: 'v1',
          metadata: { name: 'web', namespace, labels: { app: 'web' } },
        },
        oldObject: null,
        dryRun: false,
        options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
      });
    expect(early).not.toHaveProperty('subResource');
    expect(early?.object?.spec).toMatchObject({ restartPolicy: 'Always', terminationGracePeriodSeconds: 30 });
    expect(early?.object?.metadata).not.toHaveProperty('uid');
    expect(early?.object?.metadata).not.toHaveProperty('generation');
    expect(late?.object?.metadata).toMatchObject({
      uid: created.metadata.uid,
      generation: 1,
      creationTimestamp: created.metadata.creationTimestamp,
    });
    expect(late?.object?.status).toMatchObject({ phase: 'Pending' });
    expect(late?.object?.metadata).not.toHaveProperty('resourceVersion');
  },
);

contract(
  'a generated name is unknown to mutating webhooks and known to validating ones',
  changed('generates the name before it asks', () => ({ name: 'web-abcde' })),
  async (api) => {
    const { path, requests } = await watched(api);
    const { metadata } = await api.surePost(path, { ...pod('x'), metadata: { generateName: 'web-' } });
    const [[early], [late]] = requests();
    expect(early).not.toHaveProperty('name');
    expect(early?.object?.metadata).toMatchObject({ generateName: 'web-' });
    expect(early?.object?.metadata).not.toHaveProperty('name');
    expect(late).toMatchObject({ name: metadata.name, object: { metadata: { name: metadata.name } } });
  },
);

contract(
  'an update is reviewed with the version that it replaces in both objects',
  changed('shows the version that the write will have', ({ object }) => ({
    object: object && { ...object, metadata: { ...object.metadata, resourceVersion: '999999999' } },
  })),
  async (api) => {
    const { path, requests } = await watched(api);
    const { metadata } = await api.surePost(path, pod('web', { metadata: { labels: { n: '1' } } }));
    requests();
    await api.patch('merge', `${path}/web`, { metadata: { labels: { n: '2' } } });
    for (const [request] of requests()) {
      expect(request).toMatchObject({
        operation: 'UPDATE',
        name: 'web',
        object: { metadata: { labels: { n: '2' }, resourceVersion: metadata.resourceVersion } },
        oldObject: { metadata: { labels: { n: '1' }, resourceVersion: metadata.resourceVersion } },
        options: { kind: 'UpdateOptions', apiVersion: 'meta.k8s.io/v1' },
      });
      expect(request).not.toHaveProperty('subResource');
    }
  },
);

contract(
  'a write of the status is an UPDATE of pods/status',
  changed('does not name the subresource', () => ({ subResource: undefined })),
  async (api) => {
    const { path, requests } = await watched(api);
    await api.surePost(path, pod('web'));
    requests();
    await api.patch('merge', `${path}/web/status`, { status: { phase: 'Running' } });
    for (const [request] of requests())
      expect(request).toMatchObject({
        operation: 'UPDATE',
        resource: PODS,
        subResource: 'status',
        requestSubResource: 'status',
        object: { status: { phase: 'Running' } },
        oldObject: { status: { phase: 'Pending' } },
      });
  },
);

contract(
  'a write that changes nothing is reviewed too, and stores nothing',
  {
    behaviour: 'asks only about changes',
    review: (review) => (review.request.operation === 'UPDATE' ? undefined : review),
  },
  async (api) => {
    const { path, requests } = await watched(api);
    const before = await api.surePost(path, pod('web'));
    requests();
    for (const sub of ['', '/status']) {
      const after = await api.patch('merge', `${path}/web${sub}`, {});
      const [early, late] = requests();
      expect([early.length, late.length]).toEqual([1, 1]);
      expect(late[0]?.object).toEqual(late[0]?.oldObject);
      expect(after.object.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    }
  },
);

contract(
  'a graceful deletion is one DELETE review with the old object only, and no UPDATE',
  changed('sends the object that is left as the new one', ({ oldObject, object }) => ({
    object: object ?? oldObject,
  })),
  async (api) => {
    const { path, requests } = await watched(api);
    await api.surePost(path, pod('web', { spec: { nodeName: 'nowhere', terminationGracePeriodSeconds: 7 } }));
    requests();
    const { object } = await api.remove(`${path}/web`);
    expect(object.metadata).toMatchObject({ deletionGracePeriodSeconds: 7 });
    for (const received of requests()) {
      expect(received).toMatchObject([
        {
          operation: 'DELETE',
          name: 'web',
          object: null,
          oldObject: { metadata: { name: 'web' } },
          options: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1', gracePeriodSeconds: 7 },
        },
      ]);
      expect(received[0]?.oldObject?.metadata).not.toHaveProperty('deletionTimestamp');
      expect(received[0]).not.toHaveProperty('subResource');
    }
    await api.remove(`${path}/web`, { gracePeriodSeconds: 0 });
  },
);

contract(
  'a deletion that is under way already is not reviewed again',
  {
    behaviour: 'never asks about a DELETE',
    review: (review) => (review.request.operation === 'DELETE' ? undefined : review),
  },
  async (api) => {
    const { path, requests } = await watched(api);
    await api.surePost(path, pod('web', { spec: { nodeName: 'nowhere' } }));
    await api.remove(`${path}/web`);
    expect(requests().map((received) => received.map(({ operation }) => operation))).toEqual([
      ['CREATE', 'DELETE'],
      ['CREATE', 'DELETE'],
    ]);
    expect((await api.remove(`${path}/web`)).status).toBe(200);
    expect(requests()).toEqual([[], []]);
    await api.remove(`${path}/web`, { gracePeriodSeconds: 0 });
  },
);

contract(
  'a deletion with a precondition that does not hold is refused before any review',
  {
    behaviour: 'loses the preconditions',
    request: (request) => (request.method === 'DELETE' ? { ...request, body: {} } : request),
  },
  async (api) => {
    const { path, requests } = await watched(api);
    await api.surePost(path, pod('web'));
    requests();
    const { status } = await api.remove(`${path}/web`, { preconditions: { uid: 'another' } });
    expect([status, requests()]).toEqual([409, [[], []]]);
  },
);

contract(
  'the reviews of a deletecollection have no name but in the old object',
  changed('names the object in the request', ({ oldObject, operation }) =>
    operation === 'DELETE' && oldObject ? { name: oldObject.metadata.name } : {},
  ),
  async (api) => {
    const { path, requests } = await watched(api);
    await api.surePost(path, pod('web', { spec: { nodeName: 'nowhere' } }));
    requests();
    await api.remove(path);
    for (const [request] of requests()) {
      expect(request).toMatchObject({
        operation: 'DELETE',
        object: null,
        oldObject: { metadata: { name: 'web' } },
      });
      expect(request).not.toHaveProperty('name');
    }
    await api.remove(`${path}/web`, { gracePeriodSeconds: 0 });
  },
);

contract(
  'a binding is a CREATE of pods/binding with a Binding as its object',
  changed('shows the Pod', () => ({ kind: POD })),
  async (api) => {
    const { namespace, path, requests } = await watched(api);
    await api.surePost(path, pod('web'));
    requests();
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'web' },
      target: { kind: 'Node', name: 'nowhere' },
    };
    const { status, object } = await api.post(`${path}/web/binding`, binding);
    expect([status, object]).toMatchObject([201, { kind: 'Status', status: 'Success', code: 201 }]);
    for (const [request] of requests())
      expect(request).toMatchObject({
        kind: { group: '', version: 'v1', kind: 'Binding' },
        resource: PODS,
        subResource: 'binding',
        operation: 'CREATE',
        name: 'web',
        namespace,
        object: { kind: 'Binding', metadata: { name: 'web', namespace }, target: { name: 'nowhere' } },
        oldObject: null,
      });
    await api.remove(`${path}/web`, { gracePeriodSeconds: 0 });
  },
);

contract(
  'a dry run is reviewed as such, whatever webhooks say about side effects',
  changed('does not say that it is one', () => ({ dryRun: false })),
  async (api) => {
    const namespace = await freshNamespace();
    const [none, onlyDry] = [await api.webhook(() => ALLOWED), await api.webhook(() => ALLOWED)];
    await register(api, { kind: 'Validating', namespace }, [
      entry(none, namespace),
      entry(onlyDry, namespace, { name: 'second.example.com', sideEffects: 'NoneOnDryRun' }),
    ]);
    await api.surePost(podsIn(namespace), pod('web'), { dryRun: 'All', fieldManager: 'somebody' });
    for (const { reviews } of [none, onlyDry])
      expect(reviews.map(({ request }) => request)).toMatchObject([
        { dryRun: true, options: { kind: 'CreateOptions', dryRun: ['All'], fieldManager: 'somebody' } },
      ]);
    expect((await api.get(`${podsIn(namespace)}/web`)).status).toBe(404);
  },
);
