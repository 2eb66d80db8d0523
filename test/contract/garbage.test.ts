/** What becomes of dependents: owner references and the propagation policies. */
import { expect } from 'vitest';
import type { Answered, Json } from './harness/api.ts';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  eventually,
  freshNamespace,
  pod,
  podsIn,
} from './harness/contract.ts';
import { reads } from './harness/wrong.ts';

const ownedBy = ({ apiVersion, kind, metadata }: Answered, more: Json = {}) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid,
  ...more,
});

const unowned = reads('forgets owners', ['POST'], (body) => {
  delete (body['metadata'] as Json)['ownerReferences'];
});

const inBackground = reads('knows only the background', ['DELETE'], (body) => {
  body['propagationPolicy'] = 'Background';
});

const isGone = (api: Api, path: string) => eventually(async () => (await api.get(path)).status === 404);

contract('a ConfigMap goes with the Pod that owns it', unowned, async (api) => {
  const namespace = await freshNamespace();
  const owner = await api.surePost(podsIn(namespace), pod('web'));
  const path = configMapsIn(namespace);
  await api.surePost(path, configMap('web-barrier', {}, { ownerReferences: [ownedBy(owner)] }));
  await api.remove(`${podsIn(namespace)}/web`);
  await isGone(api, `${path}/web-barrier`);
});

contract(
  'an object whose owner never was is collected, another uid under the name too',
  unowned,
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    const owner = await api.surePost(path, configMap('owner'));
    for (const [name, reference] of [
      ['a', { ...ownedBy(owner), name: 'nobody' }],
      ['b', { ...ownedBy(owner), uid: '00000000-0000-4000-8000-000000000000' }],
    ] as const)
      await api.surePost(path, configMap(name, {}, { ownerReferences: [reference] }));
    await isGone(api, `${path}/a`);
    await isGone(api, `${path}/b`);
  },
);

contract(
  'an object stays while one of its owners lives, and forgets the other',
  reads('needs all owners', ['POST'], (body) => {
    const metadata = body['metadata'] as { ownerReferences?: unknown[] };
    if (metadata.ownerReferences) metadata.ownerReferences = metadata.ownerReferences.slice(0, 1);
  }),
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    const first = await api.surePost(path, configMap('first'));
    const second = await api.surePost(path, configMap('second'));
    const ownerReferences = [ownedBy(first), ownedBy(second)];
    await api.surePost(path, configMap('child', {}, { ownerReferences }));
    await api.remove(`${path}/first`);
    await eventually(async () => {
      const { metadata } = await api.sureGet(`${path}/child`);
      return metadata.ownerReferences?.length === 1;
    });
    expect((await api.sureGet(`${path}/child`)).metadata.ownerReferences).toEqual([ownedBy(second)]);
    await api.remove(`${path}/second`);
    await isGone(api, `${path}/child`);
  },
);

contract('Orphan: the dependents stay and have no owner any more', inBackground, async (api) => {
  const path = configMapsIn(await freshNamespace());
  const owner = await api.surePost(path, configMap('owner'));
  await api.surePost(path, configMap('child', {}, { ownerReferences: [ownedBy(owner)] }));
  // Until the collector knows of the child: it would not wait for one that it has not seen.
  await seenByTheCollector(api, path);
  const { object } = await api.remove(`${path}/owner`, { propagationPolicy: 'Orphan' });
  expect(object.metadata).toMatchObject({ name: 'owner', finalizers: ['orphan'] });
  await isGone(api, `${path}/owner`);
  expect((await api.sureGet(`${path}/child`)).metadata.ownerReferences).toBeUndefined();
});

/** It works on changes in order: what came before one that it has answered, it has seen. */
const seenByTheCollector = async (api: Api, path: string) => {
  const nobody = { apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: 'nobody' };
  await api.surePost(path, configMap('marker', {}, { ownerReferences: [nobody] }));
  await isGone(api, `${path}/marker`);
};

contract(
  'Foreground: the owner waits, marked, for the dependents that block it',
  inBackground,
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    const owner = await api.surePost(path, configMap('owner'));
    const ownerReferences = [ownedBy(owner, { blockOwnerDeletion: true })];
    const finalizers = ['example.com/hold'];
    await api.surePost(path, configMap('blocks', {}, { ownerReferences, finalizers }));
    await api.surePost(path, configMap('other', {}, { ownerReferences: [ownedBy(owner)] }));
    await seenByTheCollector(api, path);
    const { object } = await api.remove(`${path}/owner`, { propagationPolicy: 'Foreground' });
    expect(object.metadata).toMatchObject({ name: 'owner', finalizers: ['foregroundDeletion'] });
    expect(object.metadata.deletionTimestamp).toBeDefined();
    await isGone(api, `${path}/other`);
    await eventually(async () => {
      const { metadata } = await api.sureGet(`${path}/blocks`);
      return metadata.deletionTimestamp !== undefined;
    });
    expect((await api.get(`${path}/owner`)).status).toBe(200);
    await api.patch('merge', `${path}/blocks`, { metadata: { finalizers: null } });
    await isGone(api, `${path}/owner`);
  },
);

const job = (name: string) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    template: {
      spec: {
        schedulerName: 'nobody',
        restartPolicy: 'Never',
        containers: [{ name: 'main', image: 'busybox:1' }],
      },
    },
  },
});

const runningJob = async (api: Api) => {
  const namespace = await freshNamespace();
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const { metadata } = await api.surePost(jobs, job('work'));
  const pods = async () => (await api.sureGet(podsIn(namespace), { labelSelector: 'job-name=work' })).items;
  await eventually(async () => (await pods()).length === 1);
  return { path: `${jobs}/work`, pods, uid: metadata.uid };
};

for (const propagationPolicy of ['Background', 'Foreground'])
  contract(
    `a Job takes its Pods with it in the ${propagationPolicy.toLowerCase()}`,
    reads('leaves them', ['DELETE'], (body) => {
      body['propagationPolicy'] = 'Orphan';
    }),
    async (api) => {
      const { path, pods, uid } = await runningJob(api);
      expect((await pods())[0]?.metadata.ownerReferences).toEqual([
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          name: 'work',
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
      await api.remove(path, { propagationPolicy });
      await isGone(api, path);
      await eventually(async () => (await pods()).length === 0);
    },
  );

contract(
  'a DELETE of a Job that says nothing of dependents leaves its Pods, without owner and finalizer',
  reads('deletes them', ['DELETE'], (body) => {
    body['propagationPolicy'] = 'Background';
  }),
  async (api) => {
    const { path, pods } = await runningJob(api);
    const { object } = await api.remove(path, {});
    expect(object).toMatchObject({ kind: 'Job', metadata: { finalizers: ['orphan'] } });
    await isGone(api, path);
    await eventually(async () => {
      const [left] = await pods();
      return left && !left.metadata.ownerReferences && !left.metadata.finalizers;
    });
  },
);
