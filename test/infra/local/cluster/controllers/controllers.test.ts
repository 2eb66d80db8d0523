import { afterEach, describe, expect, it } from 'vitest';
import type { WebhookCaller } from '../../../../../infra/local/cluster/api/types.ts';
import {
  DEPLOYMENTS,
  type Deployment,
  JOBS,
  type Job,
  REPLICA_SETS,
  type ReplicaSet,
} from '../../../../../infra/local/cluster/controllers/workloads.ts';
import type { ConfigMap, KubernetesObject, Pod } from '../../../../../shared/model/kubernetes.ts';
import {
  CONFIG_MAPS,
  CONTROLLER_REVISIONS,
  EVENTS,
  PODS,
  SIDECARSETS,
} from '../../../../../shared/model/resources.ts';
import { createWorld, type World } from './world.ts';

const worlds: World[] = [];
const world = async (options?: Parameters<typeof createWorld>[0]): Promise<World> => {
  const made = await createWorld(options);
  worlds.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((made) => made.stop()));
});

const CONTAINERS = [{ name: 'main', image: 'nginx:1' }];
const JOB_PATH = '/apis/batch/v1/namespaces/default/jobs';
const DEPLOYMENT_PATH = '/apis/apps/v1/namespaces/default/deployments';

const jobManifest = (spec = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'mock', namespace: 'default' },
  spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: CONTAINERS } }, ...spec },
});

const deploymentManifest = (replicas: number, strategy = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    strategy,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: CONTAINERS } },
  },
});

const key = (name: string) => ({ namespace: 'default', name });
const podsOf = async ({ client }: World): Promise<Pod[]> => (await client.list<Pod>(PODS)).items;
const reasonsAbout = async ({ client }: World, kind: string): Promise<string[]> => {
  const { items } = await client.list(EVENTS, { fieldSelector: `involvedObject.kind=${kind}` });
  return (items as (KubernetesObject & { reason?: string })[]).map(({ reason }) => reason ?? '').sort();
};

const onePod = (made: World): Promise<Pod> =>
  made.until(async () => {
    const [pod, ...more] = await podsOf(made);
    expect(more).toEqual([]);
    expect(pod?.spec.nodeName).toBe('local-node');
    return pod as Pod;
  });

const conditionsOf = async ({ client }: World): Promise<string[]> =>
  (await client.get<Job>(JOBS, key('mock')))?.status?.conditions?.map(({ type }) => type) ?? [];

describe('a Job', () => {
  it('gets its Pod, which gets a node, and is Complete after it', async () => {
    const made = await world();
    await made.create(JOB_PATH, jobManifest());
    const pod = await onePod(made);
    expect(pod.metadata.name).toMatch(/^mock-[a-z0-9]{5}$/);
    await made.say(pod, { phase: 'Running' });
    await made.until(async () =>
      expect((await made.client.get<Job>(JOBS, key('mock')))?.status?.active).toBe(1),
    );
    await made.say(pod, { phase: 'Succeeded' });
    await made.until(async () =>
      expect(await conditionsOf(made)).toEqual(['SuccessCriteriaMet', 'Complete']),
    );
    const { status } = (await made.client.get<Job>(JOBS, key('mock'))) ?? {};
    expect(status).toMatchObject({ succeeded: 1, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
    expect((await podsOf(made))[0]?.metadata.finalizers ?? []).toEqual([]);
    await made.until(async () =>
      expect(await reasonsAbout(made, 'Job')).toEqual(['Completed', 'SuccessfulCreate']),
    );
    expect(await reasonsAbout(made, 'Pod')).toEqual(['Scheduled']);
  });

  it('is Failed when its Pod fails and no other is allowed', async () => {
    const made = await world();
    await made.create(JOB_PATH, jobManifest());
    await made.say(await onePod(made), { phase: 'Failed' });
    await made.until(async () => expect(await conditionsOf(made)).toEqual(['FailureTarget', 'Failed']));
    expect(await podsOf(made)).toHaveLength(1);
  });

  it('takes its Pods and what they own with it when it is deleted', async () => {
    const made = await world();
    await made.create(JOB_PATH, jobManifest());
    const { metadata } = await onePod(made);
    await made.create('/api/v1/namespaces/default/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'barrier',
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid }],
      },
    });
    const job = await made.client.get(JOBS, key('mock'));
    await made.client.removeExactly(JOBS, job?.metadata ?? { name: 'mock' });
    await made.until(async () => {
      expect(await podsOf(made)).toEqual([]);
      expect(await made.client.get<ConfigMap>(CONFIG_MAPS, key('barrier'))).toBeUndefined();
    });
  });

  it('tells why its Pod was denied and creates it once that is over', async () => {
    let allowed = false;
    const callWebhook: WebhookCaller = async ({ body }) => {
      const { request } = body as { request: { uid: string } };
      const response = { uid: request.uid, allowed, status: { code: 403, message: 'not today' } };
      return { status: 200, body: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response } };
    };
    const made = await world({ callWebhook });
    await made.create('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'guard' },
      webhooks: [
        {
          name: 'guard.example.com',
          clientConfig: { url: 'https://127.0.0.1/guard' },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
        },
      ],
    });
    await made.create(JOB_PATH, jobManifest());
    await made.until(async () => {
      const { items } = await made.client.list(EVENTS, { fieldSelector: 'reason=FailedCreate' });
      expect(items).toMatchObject([
        {
          type: 'Warning',
          involvedObject: { kind: 'Job', name: 'mock' },
          message: 'Error creating: admission webhook "guard.example.com" denied the request: not today',
        },
      ]);
      expect((items[0] as { count?: number }).count).toBeGreaterThan(2);
    });
    allowed = true;
    await onePod(made);
  });
});

const webOf = async ({ client }: World) => client.get<Deployment>(DEPLOYMENTS, key('web'));
const available = (made: World, replicas: number) =>
  made.until(async () =>
    expect((await webOf(made))?.status).toMatchObject({
      observedGeneration: (await webOf(made))?.metadata.generation,
      replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
    }),
  );

const useImage = ({ client }: World, image: string) =>
  client.patch(
    DEPLOYMENTS,
    key('web'),
    { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } },
    { type: 'strategic' },
  );

/** How many Pods exist and are ready, at every change. */
const countPods = ({ client }: World) => {
  const ready = new Map<string, boolean>();
  const counts: { all: number; ready: number }[] = [];
  client.follow<Pod>(PODS, {}, (change, { metadata, status }) => {
    if (change === 'DELETED') ready.delete(metadata.name);
    else {
      const holds = status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
      ready.set(metadata.name, holds === true && !metadata.deletionTimestamp);
    }
    counts.push({ all: ready.size, ready: [...ready.values()].filter(Boolean).length });
  });
  return counts;
};

describe('a Deployment', () => {
  it('replaces its Pods within surge and unavailable when its template changes', async () => {
    const made = await world({ runs: true });
    await made.create(DEPLOYMENT_PATH, deploymentManifest(10));
    await available(made, 10);
    const before = new Set((await podsOf(made)).map(({ metadata }) => metadata.uid));
    const counts = countPods(made);
    counts.length = 0;
    await useImage(made, 'nginx:2');
    await available(made, 10);
    const after = await made.until(async () => {
      const pods = await podsOf(made);
      expect(pods).toHaveLength(10);
      return pods;
    });
    expect(after.filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
    expect(counts.length).toBeGreaterThan(20);
    expect(Math.min(...counts.map(({ ready }) => ready))).toBeGreaterThanOrEqual(8);
    expect(Math.max(...counts.map(({ all }) => all))).toBeLessThanOrEqual(13);
    const { items } = await made.client.list<ReplicaSet>(REPLICA_SETS);
    expect(items.map(({ spec }) => spec.replicas).sort()).toEqual([0, 10]);
    expect((await webOf(made))?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '2',
    });
  });

  it('under Recreate goes on when the last old Pod is gone', async () => {
    const made = await world({ runs: true, lingers: true });
    await made.create(DEPLOYMENT_PATH, deploymentManifest(1, { type: 'Recreate' }));
    await available(made, 1);
    await useImage(made, 'nginx:2');
    const leaving = await made.until(async () => {
      const [pod, ...more] = await podsOf(made);
      expect(more).toEqual([]);
      expect(pod?.metadata.deletionTimestamp).toBeDefined();
      return pod as Pod;
    });
    await made.until(async () => expect((await webOf(made))?.status?.replicas).toBe(0));
    await made.letGo(leaving);
    await available(made, 1);
  });

  it('under Recreate has no old Pod beside a new one', async () => {
    const made = await world({ runs: true });
    await made.create(DEPLOYMENT_PATH, deploymentManifest(3, { type: 'Recreate' }));
    await available(made, 3);
    const images = new Map<string, string | undefined>();
    let mixed = false;
    made.client.follow<Pod>(PODS, {}, (change, { metadata, spec }) => {
      if (change === 'DELETED') images.delete(metadata.name);
      else images.set(metadata.name, spec.containers[0]?.image);
      mixed ||= new Set(images.values()).size > 1;
    });
    await useImage(made, 'nginx:2');
    await available(made, 3);
    expect([...images.values()]).toEqual(['nginx:2', 'nginx:2', 'nginx:2']);
    expect(mixed).toBe(false);
  });

  it('replaces a Pod that is deleted, and goes down to the replicas that are asked for', async () => {
    const made = await world({ runs: true });
    await made.create(DEPLOYMENT_PATH, deploymentManifest(3));
    await available(made, 3);
    const [first] = await podsOf(made);
    await made.client.remove(PODS, key(first?.metadata.name ?? ''));
    await made.until(async () => {
      const names = (await podsOf(made)).map(({ metadata }) => metadata.name);
      expect(names).toHaveLength(3);
      expect(names).not.toContain(first?.metadata.name);
    });
    await made.client.patch(DEPLOYMENTS, key('web'), { spec: { replicas: 1 } }, { type: 'merge' });
    await available(made, 1);
    expect(await podsOf(made)).toHaveLength(1);
  });

  it('takes ReplicaSets and Pods with it when it is deleted', async () => {
    const made = await world({ runs: true });
    await made.create(DEPLOYMENT_PATH, deploymentManifest(2));
    await available(made, 2);
    await made.client.remove(DEPLOYMENTS, key('web'));
    await made.until(async () => {
      expect((await made.client.list(REPLICA_SETS)).items).toEqual([]);
      expect(await podsOf(made)).toEqual([]);
    });
  });
});

describe('the garbage collector', () => {
  const configMap = (name: string, owner?: KubernetesObject, uid = owner?.metadata.uid) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      ...(owner && {
        ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid }],
      }),
    },
  });

  it('deletes what names an owner of another uid and leaves what has a living one', async () => {
    const made = await world();
    const path = '/api/v1/namespaces/default/configmaps';
    const owner = await made.create<ConfigMap>(path, configMap('owner'));
    await made.create(path, configMap('kept', owner));
    await made.create(path, configMap('stale', owner, 'uid-of-a-predecessor'));
    await made.until(async () => {
      const { items } = await made.client.list(CONFIG_MAPS);
      expect(items.map(({ metadata }) => metadata.name)).toEqual(['kept', 'owner']);
    });
  });
});

describe('an owner of a kind that was defined after the start', () => {
  const served = {
    name: 'v1beta1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'sidecarsets.apps.kruise.io' },
    spec: {
      group: 'apps.kruise.io',
      scope: 'Cluster',
      names: {
        plural: 'sidecarsets',
        singular: 'sidecarset',
        kind: 'SidecarSet',
        listKind: 'SidecarSetList',
      },
      versions: [served],
    },
  };
  const group = { apiVersion: 'apps.kruise.io/v1beta1', kind: 'SidecarSet' };

  it('takes its dependents with it, a SidecarSet its revisions', async () => {
    const made = await world();
    await made.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    const set = await made.create('/apis/apps.kruise.io/v1beta1/sidecarsets', {
      ...group,
      metadata: { name: 'logs' },
    });
    const ownerReferences = [{ ...group, name: 'logs', uid: set.metadata.uid }];
    await made.create('/apis/apps/v1/namespaces/default/controllerrevisions', {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'logs-1', ownerReferences },
      revision: 1,
    });
    await new Promise(setImmediate);
    expect(await made.client.get(CONTROLLER_REVISIONS, key('logs-1'))).toBeDefined();
    await made.client.remove(SIDECARSETS, { name: 'logs' });
    await made.until(async () =>
      expect(await made.client.get(CONTROLLER_REVISIONS, key('logs-1'))).toBeUndefined(),
    );
  });
});

describe('when they are stopped', () => {
  it('the controllers do nothing any more and leave no timer', async () => {
    const made = await createWorld();
    await made.create(JOB_PATH, jobManifest({ activeDeadlineSeconds: 60 }));
    await onePod(made);
    await made.stop();
    expect(made.clock.waits()).toEqual([]);
    await made.create(JOB_PATH, { ...jobManifest(), metadata: { name: 'late', namespace: 'default' } });
    await new Promise(setImmediate);
    expect(await podsOf(made)).toHaveLength(1);
  });
});
