import { beforeEach, expect, it } from 'vitest';
import { nextRevision } from '../../../shared/core/revision/history.ts';
import { withDefaults } from '../../../shared/core/validation/defaults.ts';
import { sha256Hex } from '../../../shared/io/digest.ts';
import type { AdmissionReview } from '../../../shared/model/admission.ts';
import { CONTROLLER_REVISIONS, NAMESPACES, SIDECARSETS } from '../../../shared/model/resources.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';
import { createAnswerIn, jobPod, namespace, patched, review, storedSet } from './setting.ts';

let cluster: FakeCluster;
let log: FakeLog;

const createAnswer = () => createAnswerIn(cluster, log);
const inject = (body: unknown): Promise<AdmissionReview> => createAnswer()(body);

beforeEach(() => {
  cluster = createFakeCluster();
  cluster.put(NAMESPACES, namespace('default'));
  log = createFakeLog();
});

const barrier = (key: string) => ({
  name: 'KRUISE_CONTAINER_BARRIER',
  valueFrom: { configMapKeyRef: { name: 'nginx-mock-bbbbb-barrier', key } },
});

const record = (hash: string) =>
  `{"ilogtail-sidecarset":{"updateTimestamp":"2026-11-23T05:46:47Z","hash":"${hash}",` +
  '"sidecarSetName":"ilogtail-sidecarset","sidecarList":["ilogtail"]}}';

it('gives the Pod of the example Job its ilogtail, to the byte of the annotations', async () => {
  cluster.put(SIDECARSETS, await storedSet());
  const pod = await jobPod();
  const answer = await inject(review(pod));
  expect(answer).toMatchObject({ response: { uid: 'review-1', allowed: true, patchType: 'JSONPatch' } });
  expect(answer.response).not.toHaveProperty('warnings');
  expect(patched(pod, answer)).toEqual({
    ...pod,
    metadata: {
      generateName: 'nginx-mock-',
      name: 'nginx-mock-bbbbb',
      labels: { 'kruise.io/inject-ilogtail': 'true' },
      annotations: {
        'kruise.io/sidecarset-hash': record(
          '4xvc7z728744c8wz2z4w4x2d26wzf4fz4775w22f7f264v44vxwcffx4676f4xv2',
        ),
        'kruise.io/sidecarset-hash-without-image': record(
          'w95w9w25zf2644bzwvc2z4xvx68889fdww4b8vbwwv87wf6c6742f89xfv5wc592',
        ),
        'kruise.io/sidecarset-injected-list': 'ilogtail-sidecarset',
      },
    },
    spec: {
      restartPolicy: 'Never',
      dnsPolicy: 'ClusterFirst',
      containers: [
        {
          name: 'ilogtail',
          image:
            'sls-opensource-registry.cn-shanghai.cr.aliyuncs.com/ilogtail-community-edition/ilogtail:edge',
          imagePullPolicy: 'IfNotPresent',
          command: ['/bin/sh', '-c', '/usr/local/ilogtail/ilogtail_control.sh start_and_block 10'],
          livenessProbe: {
            exec: { command: ['/usr/local/ilogtail/ilogtail_control.sh', 'status'] },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          env: [
            { name: 'KRUISE_CONTAINER_PRIORITY', value: '100' },
            { name: 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT', value: 'true' },
            {
              name: 'ALIYUN_LOGTAIL_USER_DEFINED_ID',
              valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: "metadata.labels['ilogtail-tag']" } },
            },
            { name: 'IS_INJECTED', value: 'true' },
            barrier('p_100'),
          ],
          volumeMounts: [
            { name: 'log', mountPath: '/var/log/nginx' },
            { name: 'checkpoint', mountPath: '/usr/local/ilogtail/checkpoint' },
            {
              name: 'ilogtail-config',
              mountPath: '/usr/local/ilogtail/ilogtail_config.json',
              subPath: 'ilogtail_config.json',
            },
          ],
        },
        { ...pod.spec.containers[0], env: [barrier('p_0')] },
      ],
      volumes: [
        { name: 'log', emptyDir: {} },
        { name: 'tasksite', emptyDir: { medium: 'Memory' } },
        { name: 'checkpoint', emptyDir: {} },
        { name: 'ilogtail-config', secret: { defaultMode: 420, secretName: 'ilogtail-secret' } },
      ],
    },
  });
});

it('changes nothing when it is called again, and writes nothing', async () => {
  cluster.put(SIDECARSETS, await storedSet());
  const pod = await jobPod();
  const once = patched(pod, await inject(review(pod)));
  expect((await inject(review(once))).response).toEqual({ uid: 'review-1', allowed: true });
  expect(cluster.writes()).toEqual([]);
});

it.each<[string, object, object]>([
  ['an update', {}, { operation: 'UPDATE' }],
  ['a subresource', {}, { subResource: 'status' }],
  ['another kind', {}, { resource: { group: '', version: 'v1', resource: 'secrets' } }],
  ['a deletion', {}, { operation: 'DELETE', object: null }],
])('lets %s through without reading the cluster', async (_, changes, request) => {
  const answer = await inject(review({ ...(await jobPod()), ...changes }, request));
  expect(answer.response).toEqual({ uid: 'review-1', allowed: true });
  expect(cluster.calls).toEqual([]);
});

it.each<[string, string, boolean]>([
  ['the namespace of the request', 'default', true],
  ['another namespace', 'other', false],
  ['a namespace that can not be found', 'unknown', false],
])('selects by %s', async (_, name, expected) => {
  cluster.put(SIDECARSETS, await storedSet());
  cluster.put(NAMESPACES, namespace('other'));
  const answer = await inject(review(await jobPod(), { namespace: name }));
  expect(answer.response?.patch !== undefined).toBe(expected);
  expect(answer.response?.allowed).toBe(true);
});

it('answers a dry run the same', async () => {
  cluster.put(SIDECARSETS, await storedSet());
  const answer = await inject(review(await jobPod(), { dryRun: true }));
  expect(answer.response).toHaveProperty('patch');
});

it('warns of a volume that the Pod has in another form', async () => {
  cluster.put(SIDECARSETS, await storedSet());
  const pod = await jobPod();
  pod.spec.volumes = [{ name: 'log', hostPath: { path: '/logs' } }];
  expect((await inject(review(pod))).response?.warnings).toEqual([expect.stringContaining('"log"')]);
});

it('refuses with 422, causes and field paths, and logs the code', async () => {
  cluster.put(SIDECARSETS, await storedSet());
  const pod = await jobPod();
  pod.spec.containers[0].env = [{ name: 'KRUISE_CONTAINER_PRIORITY', value: 'high' }];
  expect((await inject(review(pod))).response).toEqual({
    uid: 'review-1',
    allowed: false,
    status: {
      code: 422,
      reason: 'Invalid',
      message: expect.stringContaining('spec.containers[1].env[0]'),
      details: {
        causes: [
          {
            field: 'spec.containers[1].env[0]',
            reason: 'FieldValueInvalid',
            message: expect.stringContaining('whole number'),
          },
        ],
      },
    },
  });
  expect(log.entries[0]?.fields).toMatchObject({ code: 'InjectionPriorityUnreadable' });
});

it('reads the revisions of a set that names one, and injects it', async () => {
  const set = await storedSet();
  const { revision } = nextRevision(set, [], 0);
  const { name } = revision.metadata;
  cluster.put(CONTROLLER_REVISIONS, revision);
  const containers = set.spec.containers?.map((container) => ({ ...container, image: 'latest:2' }));
  const injectionStrategy = { revision: { revisionName: name } };
  const changed = withDefaults({ ...set, spec: { ...set.spec, containers, injectionStrategy } }, sha256Hex);
  cluster.put(SIDECARSETS, changed);
  const pod = await jobPod();
  const injected = patched(pod, await inject(review(pod)));
  expect(injected.spec.containers[0]?.image).toBe(set.spec.containers?.[0]?.image);
  expect(cluster.calls.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
    'list sidecarsets',
    'get namespaces',
    'get configmaps',
    'list controllerrevisions',
  ]);
});

it('serves a changed set at once, though a warm function keeps what it compiled', async () => {
  const set = await storedSet();
  const answer = createAnswer();
  const imageNow = async () => {
    const pod = await jobPod();
    return patched(pod, await answer(review(pod))).spec.containers[0]?.image;
  };
  const stored = cluster.put(SIDECARSETS, set);
  const before = await imageNow();
  expect(await imageNow()).toBe(before);
  const containers = set.spec.containers?.map((container) => ({ ...container, image: 'changed:2' }));
  cluster.put(SIDECARSETS, { ...stored, spec: { ...stored.spec, containers } });
  expect(await imageNow()).toBe('changed:2');
});

it('fails when the cluster can not be read, so that the failurePolicy decides', async () => {
  cluster.before('list', 'sidecarsets', () => {
    throw new Error('no route');
  });
  await expect(inject(review(await jobPod()))).rejects.toThrow('no route');
});

it('fails on a body that is no review of a Pod', async () => {
  await expect(inject({ kind: 'Pod' })).rejects.toMatchObject({ name: 'ContractError' });
});
