/** The shipped webhook configurations: taken by the API server, and choosing there as they are meant to. */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type Api, contract, freshNamespace, pod, podsIn } from './harness/contract.ts';
import { ALLOWED, register, WITHOUT_CONDITIONS } from './harness/hooks.ts';

const manifest = new URL('../../infra/cluster/webhooks.yaml', import.meta.url);

interface Shipped {
  name: string;
  namespaceSelector: { matchExpressions: object[] };
}

const shipped: Shipped[] = parseAllDocuments(await readFile(manifest, 'utf8')).flatMap(
  (document) => document.toJS().webhooks,
);

/** One of the shipped webhooks, all of it but its address, for one namespace. */
const start = async (api: Api, kind: 'Mutating' | 'Validating', name: string) => {
  const namespace = await freshNamespace();
  const webhook = await api.webhook(() => ALLOWED);
  const [found] = shipped.filter((candidate) => candidate.name === name);
  expect(found).toBeDefined();
  const own = { key: 'kubernetes.io/metadata.name', operator: 'In', values: [namespace] };
  const { matchExpressions = [] } = found?.namespaceSelector ?? {};
  const placed = {
    ...found,
    clientConfig: { url: webhook.url, caBundle: webhook.caBundle },
    namespaceSelector: { matchExpressions: [...matchExpressions, own] },
  };
  await register(api, { kind, namespace }, [placed]);
  const asked = () => [
    ...new Set(
      webhook.reviews
        .splice(0)
        .map(({ request }) => [
          request.operation,
          request.subResource,
          request.oldObject?.metadata.name ?? request.name,
        ])
        .map((parts) => parts.filter((part) => part !== undefined).join(' ')),
    ),
  ];
  return { namespace, path: podsIn(namespace), asked };
};

const INJECTED = { 'kruise.io/sidecarset-injected-list': 'set' };
const ours = (name: string, spec: object = {}) =>
  pod(name, { metadata: { annotations: INJECTED, labels: { app: 'web' } }, spec: { ...spec } });
const withEnv = (name: string, variable: string) =>
  pod(name, {
    spec: { containers: [{ name: 'main', image: 'nginx:1', env: [{ name: variable, value: 'true' }] }] },
  });

const status = (ready: 'True' | 'False', more: object = {}) => ({
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: ready }],
    containerStatuses: [
      {
        name: 'main',
        image: 'nginx:1',
        imageID: 'sha256:1',
        ready: ready === 'True',
        restartCount: 0,
        state: { running: { startedAt: '2026-01-02T03:04:05Z' } },
      },
    ],
    ...more,
  },
});

contract(
  'observe sees the Pods that are ours, and of them the changes that matter',
  WITHOUT_CONDITIONS,
  async (api) => {
    const { path, asked } = await start(api, 'Validating', 'observe.sidecarset.io');
    await api.surePost(path, pod('foreign'));
    await api.surePost(path, withEnv('other-env', 'PATH'));
    await api.surePost(path, ours('dry'), { dryRun: 'All' });
    expect(asked()).toEqual([]);
    await api.surePost(path, ours('web', { nodeName: 'nowhere' }));
    await api.surePost(path, withEnv('waiting', 'KRUISE_CONTAINER_BARRIER'));
    await api.surePost(path, withEnv('ending', 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT'));
    expect(asked()).toEqual(['CREATE web', 'CREATE waiting', 'CREATE ending']);

    const web = `${path}/web`;
    await api.patch('merge', `${web}/status`, status('False'));
    expect(asked()).toEqual(['UPDATE status web']);
    await api.patch('merge', `${web}/status`, status('False', { podIP: '10.0.0.1' }));
    await api.patch('merge', web, { metadata: { annotations: { note: 'nothing' } } });
    await api.patch('merge', web, {});
    expect(asked()).toEqual([]);
    await api.patch('merge', `${web}/status`, status('True'));
    expect(asked()).toEqual(['UPDATE status web']);
    await api.patch('merge', web, { metadata: { labels: { app: 'other' } } });
    await api.patch('strategic', web, { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } });
    await api.patch('merge', `${path}/foreign/status`, status('True'));
    expect(asked()).toEqual(['UPDATE web']);

    await api.remove(`${path}/foreign`);
    await api.remove(`${path}/waiting`);
    expect(asked()).toEqual([]);
    await api.remove(web);
    expect(asked()).toEqual(['DELETE web']);
    await api.remove(web, { gracePeriodSeconds: 0 });
  },
);

contract('observe sees what a rollout waits for of a native sidecar', WITHOUT_CONDITIONS, async (api) => {
  const { path, asked } = await start(api, 'Validating', 'observe.sidecarset.io');
  const native = (image: string) => ({
    initContainers: [{ name: 'native', image, restartPolicy: 'Always' }],
  });
  const report = (imageID: string, observedGeneration: number, more: object = {}) =>
    api.patch('merge', `${path}/native/status`, {
      status: {
        observedGeneration,
        initContainerStatuses: [{ name: 'native', image: 'a', imageID, ready: true, restartCount: 0 }],
        ...more,
      },
    });
  await api.surePost(path, ours('native', native('a:1')));
  await report('id-1', 1);
  asked();
  await report('id-1', 1, { podIP: '10.0.0.1' });
  expect(asked()).toEqual([]);
  await api.patch('strategic', `${path}/native`, { spec: native('a:2') });
  expect(asked()).toEqual(['UPDATE native']);
  await report('id-1', 2);
  expect(asked()).toEqual(['UPDATE status native']);
  await report('id-2', 2);
  expect(asked()).toEqual(['UPDATE status native']);
});

contract(
  'a Pod of any size is seen',
  {
    behaviour: 'gives up on large Pods',
    review: (review) => (JSON.stringify(review).length > 100_000 ? undefined : review),
  },
  async (api) => {
    const { path, asked } = await start(api, 'Validating', 'observe.sidecarset.io');
    const env = Array.from({ length: 100 }, (_, index) => ({
      name: `VARIABLE_${index}`,
      value: 'x'.repeat(50),
    }));
    const containers = Array.from({ length: 30 }, (_, index) => ({
      name: `c${index}`,
      image: 'nginx:1',
      env,
    }));
    const statuses = (restartCount: number) =>
      containers.map(({ name, image }) => ({ name, image, imageID: 'sha256:1', ready: false, restartCount }));
    await api.surePost(path, ours('large', { containers }));
    await api.patch('merge', `${path}/large/status`, { status: { containerStatuses: statuses(0) } });
    await api.patch('merge', `${path}/large/status`, { status: { containerStatuses: statuses(1) } });
    await api.patch('merge', `${path}/large`, { metadata: { labels: { app: 'other' } } });
    expect(asked()).toEqual(['CREATE large', 'UPDATE status large', 'UPDATE large']);
  },
);

contract('inject is not asked about mirror Pods', WITHOUT_CONDITIONS, async (api) => {
  const { path, asked } = await start(api, 'Mutating', 'inject.sidecarset.io');
  await api.surePost(path, pod('plain'));
  await api.surePost(path, pod('annotated', { metadata: { annotations: { a: 'b' } } }));
  await api.post(
    path,
    pod('mirror', {
      metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } },
      spec: { nodeName: 'nowhere' },
    }),
  );
  expect(asked()).toEqual(['CREATE plain', 'CREATE annotated']);
});
