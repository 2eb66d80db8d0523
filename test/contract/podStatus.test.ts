import { expect } from 'vitest';
import { contract, freshNamespace, pod, podsIn } from './harness/contract.ts';

contract(
  'a write of the status of a Pod takes labels and annotations along, but no owner and nothing of the spec',
  {
    behaviour: 'confines it to the status',
    request: (request) =>
      request.method === 'PATCH' ? { ...request, body: { status: { phase: 'Running' } } } : request,
  },
  async (api) => {
    const pods = podsIn(await freshNamespace());
    await api.surePost(pods, pod('x', { metadata: { labels: { a: 'b' } } }));
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'o', uid: 'o' };
    const { status } = await api.patch('merge', `${pods}/x/status`, {
      metadata: { labels: { a: 'c' }, annotations: { d: 'e' }, ownerReferences: [owner] },
      spec: { activeDeadlineSeconds: 5 },
      status: { phase: 'Running' },
    });
    expect(status).toBe(200);
    const stored = await api.sureGet(`${pods}/x`);
    expect(stored.metadata).toMatchObject({ labels: { a: 'c' }, annotations: { d: 'e' } });
    expect(stored.metadata.ownerReferences).toBeUndefined();
    expect(stored.spec['activeDeadlineSeconds']).toBeUndefined();
    expect(stored.status['phase']).toBe('Running');
  },
);

contract(
  'a write of the status of a Pod that ends leaves its end alone, and sets its phase',
  {
    behaviour: 'lets it go',
    request: (request) =>
      request.method === 'PATCH'
        ? { ...request, body: { metadata: { finalizers: null }, status: { phase: 'Succeeded' } } }
        : request,
  },
  async (api) => {
    const pods = podsIn(await freshNamespace());
    await api.surePost(pods, pod('x', { metadata: { finalizers: ['test/held'] } }));
    const { object: ending } = await api.remove(`${pods}/x`);
    const { deletionTimestamp } = ending.metadata;
    expect(deletionTimestamp).toBeDefined();
    const { status, object } = await api.patch('strategic', `${pods}/x/status`, {
      metadata: { deletionTimestamp: null, annotations: { d: 'e' } },
      status: { phase: 'Succeeded', conditions: [{ type: 'SidecarTerminated', status: 'True' }] },
    });
    expect([status, object.status['phase'], object.status['qosClass']]).toEqual([
      200,
      'Succeeded',
      'BestEffort',
    ]);
    const stored = await api.sureGet(`${pods}/x`);
    expect(stored.metadata).toMatchObject({
      deletionTimestamp,
      annotations: { d: 'e' },
      finalizers: ['test/held'],
    });
    await api.patch('merge', `${pods}/x`, { metadata: { finalizers: null } });
  },
);
