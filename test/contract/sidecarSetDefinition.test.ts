/**
 * The shipped definition, under a group of each test's own: all else is as it is shipped, but for the URL of the
 * conversion webhook.
 */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { type Answered, type Json, removeAtEnd } from './harness/api.ts';
import { type Api, contract, eventually } from './harness/contract.ts';
import { conditionOf, DEFINITIONS, freshGroup, served } from './harness/definitions.ts';

type Definition = Json & { spec: Json & { group: string; conversion: Json } };

const shipped = async (): Promise<Definition> =>
  parse(await readFile(new URL('../../infra/cluster/crd.yaml', import.meta.url), 'utf8'));

const renamed = (objects: Answered[], apiVersion: string) =>
  objects.map((object) => ({ ...object, apiVersion }));

/** The shipped conversion block with the URL and the authority of a webhook that changes the version only. */
const withWebhook = async (api: Api, definition: Definition): Promise<Definition> => {
  const { url, caBundle } = await api.webhook(({ request }) => ({
    result: { status: 'Success' },
    convertedObjects: renamed(
      request['objects'] as unknown as Answered[],
      String(request['desiredAPIVersion']),
    ),
  }));
  const { conversion } = definition.spec;
  const webhook = { ...(conversion['webhook'] as Json), clientConfig: { url: `${url}/convert`, caBundle } };
  return { ...definition, spec: { ...definition.spec, conversion: { ...conversion, webhook } } };
};

const install = async (api: Api) => {
  const definition = await withWebhook(api, await shipped());
  const group = freshGroup();
  const path = `${DEFINITIONS}/sidecarsets.${group}`;
  const body = {
    ...definition,
    metadata: { name: `sidecarsets.${group}` },
    spec: { ...definition.spec, group },
  };
  const created = await api.post(DEFINITIONS, body, { fieldValidation: 'Strict' });
  expect([created.status, created.headers['warning']]).toEqual([201, undefined]);
  removeAtEnd(path);
  const sets = (version = 'v1beta1') => `/apis/${group}/${version}/sidecarsets`;
  await eventually(async () => conditionOf(await api.sureGet(path), 'Established')?.['status'] === 'True');
  await served(api, sets());
  const set = (name: string, spec: Json, version = 'v1beta1') => ({
    apiVersion: `${group}/${version}`,
    kind: 'SidecarSet',
    metadata: { name },
    spec,
  });
  return { group, path, sets, set };
};

const CONTAINER = { name: 'agent', image: 'agent:1' };
const SPEC = { selector: { matchLabels: { app: 'web' } }, containers: [CONTAINER] };

contract(
  'the shipped definition is accepted as it is, and serves both versions with v1beta1 stored and preferred',
  {
    behaviour: 'prefers v1alpha1',
    answer: (answer, { path }) =>
      /^\/apis\/[^/]+$/.test(path)
        ? { ...answer, object: { ...answer.object, preferredVersion: { version: 'v1alpha1' } } as Answered }
        : answer,
  },
  async (api) => {
    const unmodified = await api.post(DEFINITIONS, await shipped(), {
      dryRun: 'All',
      fieldValidation: 'Strict',
    });
    // Another test may have installed it.
    expect([201, 409]).toContain(unmodified.status);
    const { group, path, sets } = await install(api);
    const { object } = await api.get(`/apis/${group}`);
    expect(object).toMatchObject({
      versions: [{ version: 'v1beta1' }, { version: 'v1alpha1' }],
      preferredVersion: { version: 'v1beta1' },
    });
    expect((await api.sureGet(path)).status['storedVersions']).toEqual(['v1beta1']);
    expect((await api.get(sets('v1alpha1'))).status).toBe(200);
  },
);

contract(
  'a SidecarSet with every field of OpenKruise is taken whole, and is the same in the other version',
  {
    behaviour: 'drops patchPodMetadata',
    answer: (answer) => {
      const { patchPodMetadata: _, ...spec } = answer.object.spec ?? {};
      return answer.object.kind === 'SidecarSet' ? { ...answer, object: { ...answer.object, spec } } : answer;
    },
  },
  async (api) => {
    const { sets, set } = await install(api);
    const all = {
      ...SPEC,
      namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['a'] }] },
      initContainers: [{ name: 'init', image: 'init:1', restartPolicy: 'Always' }],
      containers: [
        {
          ...CONTAINER,
          podInjectPolicy: 'AfterAppContainer',
          upgradeStrategy: { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: 'empty:1' },
          shareVolumePolicy: { type: 'enabled' },
          shareVolumeDevicePolicy: { type: 'disabled' },
          transferEnv: [
            {
              sourceContainerName: 'main',
              sourceContainerNameFrom: { fieldRef: { apiVersion: 'v1', fieldPath: "metadata.labels['x']" } },
              envName: 'A',
              envNames: ['B'],
            },
          ],
          resourcesPolicy: {
            targetContainersMode: 'sum',
            targetContainersNameRegex: 'a.*',
            resourcesExpr: { limits: { cpu: 'cpu*2', memory: '1Gi' }, requests: { cpu: '1' } },
          },
        },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
      updateStrategy: {
        type: 'RollingUpdate',
        paused: true,
        selector: { matchLabels: { canary: 'yes' } },
        partition: '90%',
        maxUnavailable: 2,
        priorityStrategy: {
          orderPriority: [{ orderedKey: 'order' }],
          weightPriority: [{ weight: 5, matchSelector: { matchLabels: { a: 'b' } } }],
        },
        scatterStrategy: [{ key: 'a', value: '*' }],
      },
      injectionStrategy: {
        paused: false,
        revision: { customVersion: 'c', revisionName: 'r', policy: 'Partial' },
      },
      imagePullSecrets: [{ name: 'pull' }],
      revisionHistoryLimit: 5,
      patchPodMetadata: [{ annotations: { a: 'b' }, patchPolicy: 'MergePatchJson' }],
      customVersion: 'blue',
    };
    const created = await api.post(sets(), set('all', all), { fieldValidation: 'Strict' });
    expect([created.status, created.headers['warning'], created.object.spec]).toEqual([201, undefined, all]);
    expect((await api.sureGet(`${sets('v1alpha1')}/all`)).spec).toEqual(all);
  },
);

contract(
  'fields that a newer Kubernetes or OpenKruise may have reach the webhooks',
  {
    behaviour: 'drops them',
    answer: (answer) =>
      answer.object.kind === 'SidecarSet'
        ? {
            ...answer,
            object: { ...answer.object, spec: { ...answer.object.spec, containers: [CONTAINER] } },
          }
        : answer,
  },
  async (api) => {
    const { sets, set } = await install(api);
    const newer = {
      ...SPEC,
      containers: [{ ...CONTAINER, future: { a: [1] }, upgradeStrategy: { future: true } }],
      initContainers: [{ name: 'i', image: 'i:1', future: 1 }],
      volumes: [{ name: 'v', future: { x: 1 } }],
      updateStrategy: { future: 1 },
      injectionStrategy: { future: 1 },
      future: { b: 1 },
    };
    for (const version of ['v1beta1', 'v1alpha1']) {
      const { status, object } = await api.post(sets(version), set('new', newer, version), {
        dryRun: 'All',
        fieldValidation: 'Strict',
      });
      expect([status, object.spec]).toEqual([201, newer]);
    }
  },
);

contract(
  'the claim and the counts of the status survive a write of the status, in both versions',
  {
    behaviour: 'drops the claim',
    answer: (answer) => {
      const { claim: _, ...status } = answer.object.status ?? {};
      return answer.object.kind === 'SidecarSet'
        ? { ...answer, object: { ...answer.object, status } }
        : answer;
    },
  },
  async (api) => {
    const { sets, set } = await install(api);
    const created = await api.surePost(sets(), set('s', SPEC));
    const claim = { holder: 'run-1', until: '2026-01-02T03:04:05Z', listed: '42' };
    const first = await api.put(`${sets()}/s/status`, { ...created, status: { claim } });
    expect([first.status, first.object.status]).toEqual([200, { claim }]);
    const status = {
      observedGeneration: 1,
      matchedPods: 3,
      updatedPods: 2,
      readyPods: 1,
      updatedReadyPods: 1,
      latestRevision: 's-1',
      collisionCount: 0,
      claim,
    };
    const second = await api.put(`${sets()}/s/status`, { ...first.object, status });
    expect([second.object.status, second.object.metadata.generation]).toEqual([status, 1]);
    expect((await api.sureGet(`${sets('v1alpha1')}/s`)).status).toEqual(status);
  },
);

const WRONG: [Json, string][] = [
  [{ containers: { name: 'a' } }, 'spec.containers'],
  [{ containers: [{ ...CONTAINER, image: 1 }] }, 'spec.containers[0].image'],
  [{ selector: { matchLabels: { app: 1 } } }, 'spec.selector.matchLabels.app'],
  [{ selector: { matchExpressions: [{ key: 'a' }] } }, 'spec.selector.matchExpressions[0].operator'],
  [{ updateStrategy: { paused: 'yes' } }, 'spec.updateStrategy.paused'],
  [{ updateStrategy: { partition: true } }, 'spec.updateStrategy.partition'],
  [{ updateStrategy: { maxUnavailable: 1.5 } }, 'spec.updateStrategy.maxUnavailable'],
  [{ injectionStrategy: { revision: { policy: 'Sometimes' } } }, 'spec.injectionStrategy.revision.policy'],
  [{ revisionHistoryLimit: 'ten' }, 'spec.revisionHistoryLimit'],
  [{ imagePullSecrets: ['pull'] }, 'spec.imagePullSecrets[0]'],
  [{ patchPodMetadata: [{ annotations: { a: 1 } }] }, 'spec.patchPodMetadata[0].annotations.a'],
  [{ volumes: ['v'] }, 'spec.volumes[0]'],
];

contract(
  'a SidecarSet with a wrong type is refused with the path of the field',
  {
    behaviour: 'names no field',
    answer: (answer) => ({
      ...answer,
      failure: { ...answer.failure, details: { ...answer.failure.details, causes: [] } },
    }),
  },
  async (api) => {
    const { sets, set } = await install(api);
    for (const version of ['v1beta1', 'v1alpha1'])
      for (const [wrong, field] of WRONG) {
        const { status, failure } = await api.post(sets(version), set('s', { ...SPEC, ...wrong }, version), {
          dryRun: 'All',
        });
        const fields = (failure.details?.causes ?? []).map((cause) => cause.field);
        expect({ status, fields }).toEqual({ status: 422, fields: [field] });
      }
  },
);

contract(
  'kubectl explain describes the main fields of a SidecarSet',
  {
    behaviour: 'has no descriptions',
    kubectl: (output) => ({ ...output, stdout: output.stdout.replaceAll(/^ {4}.*$/gm, '') }),
  },
  async (api) => {
    const { group } = await install(api);
    const described = async (path: string): Promise<string> => {
      const found = await eventually(async () => {
        const output = await api.kubectl(['explain', path, `--api-version=${group}/v1beta1`]);
        return output.code === 0 && output;
      });
      return found.stdout.replaceAll(/\s+/g, ' ');
    };
    const spec = await described('sidecarsets.spec');
    for (const text of [
      'Which Pods get which containers, and how running Pods get new ones.',
      'selector <Object> The labels of the Pods that are meant.',
      'updateStrategy <Object> How running Pods get new images.',
      'customVersion <string>',
    ])
      expect(spec).toContain(text);
    expect(await described('sidecarsets.spec.updateStrategy.partition')).toContain(
      'How many Pods keep the old image',
    );
  },
);
