import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FUNCTIONS, type FunctionName } from '../../../infra/identities.ts';
import type { ClusterAccess } from '../../../shared/io/cluster/access.ts';
import { createHttpsTransport } from '../../../shared/io/cluster/https.ts';
import type { KubernetesObject, Pod, Status } from '../../../shared/model/kubernetes.ts';
import { SYSTEM_NAMESPACE } from '../../../shared/model/names.ts';
import { PODS, type Resource } from '../../../shared/model/resources.ts';
import { startControlPlane } from '../controlPlane/controlPlane.ts';
import { injectPods, reviewSets } from './admissions.ts';
import { attempt, layBait, NAMESPACE as WITH_BAIT } from './bait.ts';
import { grantedTo, neededFor, type Right, textOf } from './calls.ts';
import { endInEveryWay } from './endings.ts';
import { REFUSALS } from './refusals.ts';
import { launchPods, resync, rollOut, upgradeInEveryWay, NAMESPACE as WITH_WORK } from './scenario.ts';
import { type Setting, startSetting, untilTakesPods } from './setting.ts';
import { startLateOrNever } from './starts.ts';

const WITH_ENDINGS = 'endings';

/** Granted, and yet not asked for here. */
const UNUSED: Partial<Record<FunctionName, string[]>> = {
  // This control plane is 1.34; from 1.35 on exec needs it beside `get`, however it starts.
  terminate: ['create pods/exec'],
};

const WORK: Record<FunctionName, { run: (setting: Setting) => Promise<string[]>; outcomes: string[] }> = {
  inject: { run: injectPods, outcomes: ['logs', 'pinned:old', 'native agent'] },
  sidecarset: { run: reviewSets, outcomes: ['allowed', 'spec.patchPodMetadata[0].annotations[denied]'] },
  launch: {
    run: async (setting) => [...(await launchPods(setting)), ...(await startLateOrNever(setting, WITH_WORK))],
    outcomes: [
      ...['LaunchOpened', 'LaunchOpened', 'LaunchOpened'],
      ...['late: LaunchOpened', 'failed: LaunchOpened'],
      ...['late: LaunchBlocked', 'late: LaunchOpened', 'failed: LaunchFailed'],
      ...['late: Pending LevelOpened', 'failed: Failed ContainerFailed'],
    ],
  },
  terminate: {
    run: (setting) => endInEveryWay(setting, WITH_ENDINGS),
    outcomes: [
      ...['signalled: TerminationFailed', 'signalled: TerminationEphemeral'],
      ...['swapped: TerminationSwapped', 'set: TerminationPhase'],
      ...['signalled: TerminationStopped', 'swapped: TerminationFailed', 'swapped: TerminationEphemeral'],
      ...['set: TerminationOver', 'signalled: TerminationGivenUp', 'swapped: TerminationGivenUp'],
      'set: TerminationOver',
    ],
  },
  rollout: {
    run: async (setting) =>
      [...(await rollOut(setting)), ...(await upgradeInEveryWay(setting))].filter(
        (code) => code !== 'RolloutWatched',
      ),
    outcomes: [
      ...[...Array(6).fill('RolloutMoved'), 'RolloutNothing', 'RolloutNothing', 'RolloutInFlight'],
      ...[...Array(5).fill('RolloutMoved'), 'RolloutBlocked', 'RolloutMoved'],
    ],
  },
  resync: { run: resync, outcomes: ['terminate job-x', 'rollout logs'] },
};

const PATIENCE = { timeout: 30_000, interval: 100 };

let setting: Setting;
const bait = async () =>
  (await setting.admin.get<Pod>(PODS, { namespace: WITH_BAIT, name: 'bait' }))?.metadata;

/** Roles and policies hold some moments after they were written. */
const untilEnforced = async () => {
  for (const refusal of REFUSALS)
    await vi.waitFor(
      async () =>
        expect(await attempt(setting.access[refusal.who], refusal.request, { dryRun: true })).toMatchObject({
          status: refusal.status,
        }),
      PATIENCE,
    );
};

const outcomes: Partial<Record<FunctionName, string[]>> = {};

beforeAll(async () => {
  setting = await startSetting([WITH_WORK, WITH_BAIT, WITH_ENDINGS], startControlPlane);
  for (const namespace of [WITH_WORK, WITH_BAIT, WITH_ENDINGS]) await untilTakesPods(setting, namespace);
  await layBait(setting);
  await untilEnforced();
  for (const name of FUNCTIONS) outcomes[name] = await WORK[name].run(setting);
}, 180_000);

afterAll(() => setting?.stop());

describe.each(FUNCTIONS)('with its own identity %s', (name) => {
  it('does its work', () => {
    expect(outcomes[name]).toEqual(WORK[name].outcomes);
  });

  it('is refused nothing', () => {
    expect(setting.calls[name].filter(({ status }) => status === 401 || status === 403)).toEqual([]);
  });

  it('has no right that it does not use', async () => {
    const granted = await grantedTo(name);
    const used = [...neededFor(setting.calls[name], granted), ...(UNUSED[name] ?? [])];
    expect(used.sort()).toEqual(granted.map(textOf).sort());
  });
});

describe('is refused', () => {
  it.each(REFUSALS)('when $who $does', async (refusal) => {
    const before = await bait();
    const { status, body } = await attempt(setting.access[refusal.who], refusal.request, { dryRun: false });
    expect(body).toMatchObject({ message: expect.stringContaining(refusal.says) });
    expect([status, (body as Status).reason]).toEqual([
      refusal.status,
      refusal.status === 403 ? 'Forbidden' : 'Invalid',
    ]);
    expect(await bait()).toEqual(before);
  });
});

it('lets rollout upgrade a Pod of any size', async () => {
  const variables = Array.from({ length: 100 }, (_, index) => ({ name: `V${index}`, value: 'x'.repeat(50) }));
  const env = [{ name: 'IS_INJECTED', value: 'true' }, ...variables];
  const containers = Array.from({ length: 30 }, (_, index) => ({ name: `c${index}`, image: 'a:1', env }));
  const key = { namespace: WITH_BAIT, name: 'large' };
  await setting.admin.create<Pod>(PODS, { metadata: key, spec: { containers } });
  const patch = { spec: { containers: [{ name: 'c29', image: 'a:2' }] } };
  const stored = await setting.clusters.rollout.patch<Pod>(PODS, key, patch, { type: 'strategic' });
  expect(stored.spec.containers.at(-1)?.image).toBe('a:2');
});

const accountAccess = async (name: FunctionName): Promise<ClusterAccess> => {
  const path = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/serviceaccounts/${name}/token`;
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const answer = await createHttpsTransport(setting.adminAccess)({ method: 'POST', path, body });
  return { ...setting.adminAccess, token: (answer.body as { status: { token: string } }).status.token };
};

const isAllowed = async (access: ClusterAccess, right: Right): Promise<boolean> => {
  const [resource, subresource] = right.resource.split('/');
  const spec = right.resource.startsWith('/')
    ? { nonResourceAttributes: { verb: right.verb, path: right.resource } }
    : { resourceAttributes: { ...right, resource, subresource } };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const answer = await createHttpsTransport(access)({ method: 'POST', path, body });
  return (answer.body as { status: { allowed: boolean } }).status.allowed;
};

describe('in a cluster without access entries: the service account of', () => {
  it.each(FUNCTIONS)('%s may do the same and no more', async (name) => {
    const access = await accountAccess(name);
    for (const right of await grantedTo(name))
      expect(await isAllowed(access, right), textOf(right)).toBe(true);
    for (const refusal of REFUSALS.filter(({ who }) => who === name)) {
      const { status, body } = await attempt(access, refusal.request, { dryRun: true });
      expect([refusal.does, status]).toEqual([refusal.does, refusal.status]);
      expect(body).toMatchObject({ message: expect.stringContaining(refusal.says) });
    }
  });
});

const POLICIES: Resource = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'validatingadmissionpolicies',
  kind: 'ValidatingAdmissionPolicy',
  namespaced: false,
};
const FLOW_SCHEMAS: Resource = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  plural: 'flowschemas',
  kind: 'FlowSchema',
  namespaced: false,
};

const REVISIONS = `/apis/apps/v1/namespaces/${SYSTEM_NAMESPACE}/controllerrevisions`;

it.each<[FunctionName, string, string]>([
  ['inject', '/apis/apps.kruise.io/v1beta1/sidecarsets', 'sidecarset-inject'],
  ['inject', `/api/v1/namespaces/${WITH_WORK}`, 'sidecarset-inject'],
  ['inject', REVISIONS, 'sidecarset-inject'],
  ['inject', `/api/v1/namespaces/${SYSTEM_NAMESPACE}/configmaps/sidecarset-config`, 'sidecarset-inject'],
  ['sidecarset', '/apis/apps.kruise.io/v1beta1/sidecarsets', 'sidecarset-sidecarset'],
  ['sidecarset', '/api/v1/namespaces', 'sidecarset-sidecarset'],
  ['sidecarset', '/api/v1/limitranges', 'sidecarset-sidecarset'],
  ['sidecarset', '/api/v1/resourcequotas', 'sidecarset-sidecarset'],
  ['sidecarset', REVISIONS, 'sidecarset-sidecarset'],
  ['sidecarset', `/api/v1/namespaces/${SYSTEM_NAMESPACE}/configmaps/x`, 'sidecarset-sidecarset'],
  ['resync', '/apis/apps.kruise.io/v1beta1/sidecarsets', 'global-default'],
])('serves what %s reads at %s in the lane %s', async (name, path, lane) => {
  const { headers } = await createHttpsTransport(setting.access[name])({ method: 'GET', path });
  const schema = await setting.admin.get(FLOW_SCHEMAS, { name: lane });
  expect(headers?.['x-kubernetes-pf-flowschema-uid']).toBe(schema?.metadata.uid);
});

it('has policies that Kubernetes finds no fault with', async () => {
  await vi.waitFor(async () => {
    const { items } = await setting.admin.list<KubernetesObject & { status?: unknown }>(POLICIES);
    expect(items).toHaveLength(6);
    for (const { status } of items) expect(status).toEqual({ observedGeneration: 1, typeChecking: {} });
  }, PATIENCE);
});
