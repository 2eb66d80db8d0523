import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeletEndpoint } from '../../../../../infra/local/cluster/api/types.ts';
import { PODS, pod, startTestFace, type TestFace } from './face.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const OTHER = 'another-token';

const kubelet: KubeletEndpoint = {
  async *logs() {
    yield 'line';
  },
  exec: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
};

let face: TestFace;

/** Gives the user `other` the rights of these rules. */
const allowOther = async (name: string, rules: object[]): Promise<void> => {
  await face.write('POST', `${RBAC}/clusterroles`, { metadata: { name }, rules });
  await face.write('POST', `${RBAC}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { kind: 'ClusterRole', name },
    subjects: [{ kind: 'User', name: 'other' }],
  });
};

beforeAll(async () => {
  face = await startTestFace({ kubelet });
  await face.write('POST', PODS, pod('web'));
  await allowOther('acts', [
    { verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['jane'] },
    { verbs: ['impersonate'], apiGroups: [''], resources: ['groups'], resourceNames: ['team'] },
  ]);
  await allowOther('reads-logs', [{ verbs: ['get'], apiGroups: [''], resources: ['pods/log'] }]);
  await allowOther('writes-roles', [
    { verbs: ['create'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'] },
  ]);
});
afterAll(() => face.close());

const refusals: [who: string, headers: Record<string, string>, message: string][] = [
  ['a user', { 'impersonate-user': 'joe' }, 'cannot impersonate resource "users"'],
  [
    'a group',
    { 'impersonate-user': 'jane', 'impersonate-group': 'system:masters' },
    'groups "system:masters" is forbidden: User "other" cannot impersonate resource "groups"',
  ],
  [
    'a service account',
    { 'impersonate-user': 'system:serviceaccount:kube-system:root' },
    'serviceaccounts "root" is forbidden: User "other" cannot impersonate resource "serviceaccounts" in API group "" ' +
      'in the namespace "kube-system"',
  ],
];

it.each(refusals)('lets nobody act for %s without the right to', async (_, headers, message) => {
  const answer = await face.call(PODS, { token: OTHER, headers });
  expect([answer.status, answer.json()['message']]).toEqual([403, expect.stringContaining(message)]);
});

it('takes a request for that of who is named by somebody who may', async () => {
  const headers = { 'impersonate-user': 'jane', 'impersonate-group': 'team' };
  const answer = await face.call(PODS, { token: OTHER, headers });
  expect([answer.status, answer.json()['message']]).toEqual([
    403,
    expect.stringContaining('User "jane" cannot list resource "pods"'),
  ]);
});

it('says that a uid can not be impersonated', async () => {
  const headers = { 'impersonate-user': 'jane', 'impersonate-uid': '1' };
  const answer = await face.call(PODS, { headers });
  expect(answer.json()).toMatchObject({ code: 501, message: expect.stringContaining('impersonate-uid') });
});

it('streams a log to who may read logs and no Pods', async () => {
  expect((await face.call(`${PODS}/web`, { token: OTHER })).status).toBe(403);
  const log = await face.call(`${PODS}/web/log`, { token: OTHER });
  expect([log.status, log.text]).toEqual([200, 'line']);
});

it('lets only system:masters write roles, as it does not check for escalation', async () => {
  const body = { metadata: { name: 'more' }, rules: [] };
  const answer = await face.call(`${RBAC}/clusterroles`, { method: 'POST', token: OTHER, body });
  expect(answer.json()).toMatchObject({ code: 501, message: expect.stringContaining('system:masters') });
});
