/** Native sidecars: init containers with restartPolicy Always, as the API server takes them. */
import { expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { type Api, contract, freshNamespace, pod, podsIn } from './harness/contract.ts';
import { causesOf } from './harness/resizes.ts';

const EXEC = { exec: { command: ['true'] } };
const ONLY_ALWAYS = 'Forbidden: may not be set for init containers without restartPolicy=Always';

const create = async (api: Api, spec: Json) =>
  api.post(podsIn(await freshNamespace()), pod('web', { spec: { ...spec } }));

const init = (more: Json): Json => ({ initContainers: [{ name: 'side', image: 'a:1', ...more }] });

contract(
  'a native sidecar has probes and hooks, with their defaults',
  {
    behaviour: 'forgets what it is',
    answer: (answer) => ({
      ...answer,
      object: {
        ...answer.object,
        spec: { ...answer.object.spec, ...init({}) },
      },
    }),
  },
  async (api) => {
    const lifecycle = { postStart: EXEC, preStop: EXEC };
    const more = { restartPolicy: 'Always', lifecycle, startupProbe: EXEC, livenessProbe: EXEC };
    const { status, object } = await create(api, init(more));
    const defaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
    expect(status).toBe(201);
    expect(object.spec['initContainers']).toMatchObject([
      {
        restartPolicy: 'Always',
        lifecycle,
        startupProbe: { ...EXEC, ...defaults },
        livenessProbe: { ...EXEC, ...defaults },
      },
    ]);
  },
);

contract(
  'an init container that ends has neither probes nor hooks',
  { behaviour: 'takes everything', answer: (answer) => ({ ...answer, status: 201 }) },
  async (api) => {
    const { status, failure } = await create(
      api,
      init({ lifecycle: { preStop: EXEC }, livenessProbe: EXEC, readinessProbe: EXEC, startupProbe: EXEC }),
    );
    expect(status).toBe(422);
    expect(causesOf(failure)).toEqual(
      ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'].map((field) => [
        `spec.initContainers[0].${field}`,
        ONLY_ALWAYS,
      ]),
    );
  },
);

contract(
  'any other restartPolicy of a container is dropped',
  {
    behaviour: 'keeps it',
    answer: (answer) => ({
      ...answer,
      object: {
        ...answer.object,
        spec: { ...answer.object.spec, containers: [{ name: 'main', restartPolicy: 'Never' }] },
      },
    }),
  },
  async (api) => {
    const { status, object } = await create(api, {
      ...init({ restartPolicy: 'Never' }),
      containers: [{ name: 'main', image: 'a:1', restartPolicy: 'Always' }],
    });
    expect(status).toBe(201);
    for (const list of ['containers', 'initContainers'])
      expect((object.spec[list] as Json[])[0]).not.toHaveProperty('restartPolicy');
  },
);

contract(
  'the image of a native sidecar can be changed, and nothing else of it',
  {
    behaviour: 'does not count the change',
    answer: (answer) => ({
      ...answer,
      object: { ...answer.object, metadata: { ...answer.object.metadata, generation: 1 } },
    }),
  },
  async (api) => {
    const pods = podsIn(await freshNamespace());
    await api.surePost(pods, pod('web', { spec: init({ restartPolicy: 'Always' }) }));
    const change = (more: Json) =>
      api.patch('strategic', `${pods}/web`, { spec: { initContainers: [{ name: 'side', ...more }] } });
    const { status, object } = await change({ image: 'a:2' });
    expect([status, object.metadata.generation]).toEqual([200, 2]);
    expect(object.spec['initContainers']).toMatchObject([{ image: 'a:2', restartPolicy: 'Always' }]);
    expect((await change({ restartPolicy: null })).status).toBe(422);
  },
);
