import { expect, it } from 'vitest';
import { type Answered, type Json, startApi } from './api.ts';

const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const REPLICA_SETS = '/apis/apps/v1/namespaces/default/replicasets';
const REVISIONS = '/apis/apps/v1/namespaces/default/controllerrevisions';

const template = (spec: Json = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'nginx:1' }], ...spec },
});
const job = (spec: Json = {}) => ({
  metadata: { name: 'j' },
  spec: { template: template({ restartPolicy: 'Never' }), ...spec },
});
const workload = (spec: Json = {}) => ({
  metadata: { name: 'w' },
  spec: { selector: { matchLabels: { app: 'web' } }, template: template(), ...spec },
});

const labelsOf = ({ spec }: Answered) =>
  (spec['template'] as { metadata: { labels: Record<string, string> } }).metadata.labels;

it('a Job gets its defaults and finds its pods by its uid', async () => {
  const created = await startApi().surePost(JOBS, job());
  const uid = created.metadata.uid ?? '';
  expect(created.spec).toMatchObject({
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
    template: { spec: { dnsPolicy: 'ClusterFirst', restartPolicy: 'Never' } },
  });
  expect(labelsOf(created)).toEqual({
    app: 'web',
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': 'j',
    'controller-uid': uid,
    'job-name': 'j',
  });
  expect([created.status, created.metadata.labels, created.metadata.generation]).toEqual([
    {},
    { app: 'web' },
    1,
  ]);
});

it('a Job with parallelism alone has no number of completions', async () => {
  const { spec } = await startApi().surePost(JOBS, job({ parallelism: 2 }));
  expect([spec['parallelism'], spec['completions']]).toEqual([2, undefined]);
});

it.each<[string, Json, string]>([
  ['restartPolicy Always', { template: template() }, 'spec.template.spec.restartPolicy'],
  ['a negative backoffLimit', { backoffLimit: -1 }, 'spec.backoffLimit'],
  [
    'no containers',
    { template: template({ containers: [], restartPolicy: 'Never' }) },
    'spec.template.spec.containers',
  ],
])('a Job with %s is invalid', async (_, spec, field) => {
  const { status, failure } = await startApi().post(JOBS, job(spec));
  expect([status, failure.details.causes?.map((cause) => cause.field)]).toEqual([422, [field]]);
});

it.each<[Json, number]>([
  [{ parallelism: 3, backoffLimit: 1, suspend: true }, 200],
  [{ completions: 3 }, 422],
  [{ template: { spec: { activeDeadlineSeconds: 1 } } }, 422],
])('a change of a Job to %j answers %i', async (spec, code) => {
  const { surePost, patch } = startApi();
  await surePost(JOBS, job());
  expect((await patch('merge', `${JOBS}/j`, { spec })).status).toBe(code);
});

it('a Deployment and a ReplicaSet get their defaults', async () => {
  const { surePost } = startApi();
  const deployment = await surePost(DEPLOYMENTS, workload());
  expect(deployment.spec).toMatchObject({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    template: { spec: { restartPolicy: 'Always' } },
  });
  const replicaSet = await surePost(REPLICA_SETS, workload());
  expect([replicaSet.spec['replicas'], replicaSet.status]).toEqual([1, { replicas: 0 }]);
});

it.each<[string, Json, string]>([
  ['no selector', { selector: {} }, 'spec.selector'],
  [
    'a selector that misses the template',
    { selector: { matchLabels: { app: 'db' } } },
    'spec.template.metadata.labels',
  ],
  [
    'restartPolicy Never',
    { template: template({ restartPolicy: 'Never' }) },
    'spec.template.spec.restartPolicy',
  ],
])('a Deployment with %s is invalid', async (_, spec, field) => {
  const { status, failure } = await startApi().post(DEPLOYMENTS, workload(spec));
  expect([status, failure.details.causes?.map((cause) => cause.field)]).toEqual([422, [field]]);
  expect(failure.details.group).toBe('apps');
});

it.each([
  [DEPLOYMENTS, workload(), { spec: { selector: { matchLabels: { tier: 'x' } } } }],
  [REVISIONS, { metadata: { name: 'w' }, revision: 1, data: { a: 1 } }, { data: { a: 2 } }],
])('in %s what identifies stays', async (path, body, change) => {
  const { surePost, patch } = startApi();
  await surePost(path, body);
  expect((await patch('merge', `${path}/w`, change)).status).toBe(422);
});

it('scaling by the spec raises the generation', async () => {
  const { surePost, patch } = startApi();
  await surePost(DEPLOYMENTS, workload());
  const { object } = await patch('merge', `${DEPLOYMENTS}/w`, { spec: { replicas: 3 } });
  expect(object.metadata.generation).toBe(2);
});
