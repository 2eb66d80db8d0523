import { expect } from 'vitest';
import { configMap, configMapsIn, contract, freshNamespace } from './harness/contract.ts';

contract(
  'an update with an old resourceVersion is a conflict that names the object',
  {
    behaviour: 'takes a stale write',
    request: (request) => {
      const { metadata } = (request.body ?? {}) as { metadata?: object };
      if (request.method !== 'PUT' || !metadata) return request;
      return {
        ...request,
        body: { ...(request.body as object), metadata: { ...metadata, resourceVersion: '' } },
      };
    },
  },
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    const first = await api.surePost(path, configMap('shared', { n: '1' }));
    await api.put(`${path}/shared`, { ...first, data: { n: '2' } });
    const late = await api.put(`${path}/shared`, { ...first, data: { n: '3' } });
    expect(late.status).toBe(409);
    expect(late.failure).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'Conflict',
      code: 409,
      message:
        'Operation cannot be fulfilled on configmaps "shared": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'shared', kind: 'configmaps' },
    });
    expect((await api.sureGet(`${path}/shared`)).data).toEqual({ n: '2' });
  },
);
