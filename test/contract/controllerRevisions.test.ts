import { expect } from 'vitest';
import { contract, freshNamespace } from './harness/contract.ts';

const revision = (name: string, data: unknown, labels = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: { name, labels },
  data,
  revision: 1,
});

contract(
  'a ControllerRevision keeps its data as it came, which can not change, and is found by label',
  {
    behaviour: 'lets the data change',
    answer: (answer, { method }) => (method === 'PATCH' ? { ...answer, status: 200 } : answer),
  },
  async (api) => {
    const path = `/apis/apps/v1/namespaces/${await freshNamespace()}/controllerrevisions`;
    const data = { spec: { containers: [{ name: 'a', future: { x: [1, null] } }], $patch: 'replace' } };
    const created = await api.surePost(path, revision('one', data, { set: 'a' }));
    await api.surePost(path, revision('two', data, { set: 'b' }));
    expect(created).toMatchObject({ data, revision: 1 });
    const list = await api.sureGet(path, { labelSelector: 'set=a' });
    expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['one']);
    const changed = await api.patch('merge', `${path}/one`, { data: { spec: { more: 1 } } });
    expect(changed.status).toBe(422);
    expect(changed.failure.details.causes).toMatchObject([
      { reason: 'FieldValueInvalid', field: 'data', message: expect.stringMatching(/: field is immutable$/) },
    ]);
    const raised = await api.patch('merge', `${path}/one`, {
      revision: 2,
      metadata: { labels: { set: 'c' } },
    });
    expect([raised.status, raised.object]).toMatchObject([
      200,
      { revision: 2, data, metadata: { labels: { set: 'c' } } },
    ]);
  },
);
