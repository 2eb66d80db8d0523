import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONFIG_MAPS,
  configMap,
  definition,
  PODS,
  pod,
  startTestFace,
  TABLE,
  type TestFace,
} from './face.ts';

let face: TestFace;
beforeAll(async () => {
  const kubelet = {
    async *logs() {},
    exec: () => Promise.resolve({ exitCode: 0, stdout: '', stderr: '' }),
  };
  face = await startTestFace({ kubelet });
  await face.write('POST', PODS, pod('web'));
});
afterAll(() => face.close());

describe('authentication', () => {
  it.each(['/healthz', '/livez', '/readyz', '/version'])('is not asked for at %s', async (path) => {
    expect((await face.call(path, { token: null })).status).toBe(200);
  });

  it.each([null, '', 'the-toke', 'the-token2', 'THE-TOKEN'])('refuses the token %j', async (token) => {
    const answer = await face.call('/api', { token });
    expect(answer.status).toBe(401);
    expect(answer.json()).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 });
  });

  it('lets each of its tokens in', async () => {
    for (const token of ['the-token', 'another-token']) {
      expect((await face.call('/api', { token })).json()).toMatchObject({ versions: ['v1'] });
    }
  });
});

describe('bodies', () => {
  it('are JSON or YAML', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: from-yaml }\ndata: { a: "1" }\n';
    const headers = { 'content-type': 'application/yaml' };
    const answer = await face.call(CONFIG_MAPS, { method: 'POST', headers, body: yaml });
    expect([answer.status, answer.json()]).toMatchObject([201, { data: { a: '1' } }]);
  });

  it.each([
    ['that are no JSON', 'application/json', '{"kind":', 400, 'BadRequest'],
    ['that are no YAML', 'application/yaml', 'a: [b', 400, 'BadRequest'],
    ['that are no protobuf', 'application/vnd.kubernetes.protobuf', 'k8s', 400, 'BadRequest'],
    ['in CBOR', 'application/cbor', 'k8s', 415, 'UnsupportedMediaType'],
    ['over 3 MiB', 'application/json', `"${'x'.repeat(3 * 1024 * 1024)}"`, 413, 'RequestEntityTooLarge'],
  ])('%s are refused', async (_name, type, body, code, reason) => {
    const answer = await face.call(CONFIG_MAPS, { method: 'POST', headers: { 'content-type': type }, body });
    expect([answer.status, answer.json()]).toMatchObject([code, { kind: 'Status', reason, code }]);
  });
});

describe('answers', () => {
  it('are the objects of the API core, in one write and read over HTTPS', async () => {
    const created = await face.call(CONFIG_MAPS, { method: 'POST', body: configMap('plain', { a: '1' }) });
    expect(created.status).toBe(201);
    expect((await face.call(`${CONFIG_MAPS}/plain`)).json()).toEqual(created.json());
    expect((await face.call(`${CONFIG_MAPS}/plain`, { method: 'DELETE' })).status).toBe(200);
    expect((await face.call(`${CONFIG_MAPS}/plain`)).status).toBe(404);
  });

  it('are tables if the client prefers them', async () => {
    await face.write('POST', CONFIG_MAPS, configMap('as-table', { a: '1', b: '2' }));
    const headers = { accept: `${TABLE},application/json` };
    const table = await face.call(`${CONFIG_MAPS}/as-table`, { headers });
    expect(table.json()).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
      rows: [{ cells: ['as-table', 2, expect.any(String)], object: { kind: 'PartialObjectMetadata' } }],
    });
    const list = await face.call(`${CONFIG_MAPS}?fieldSelector=metadata.name%3Das-table&includeObject=None`, {
      headers,
    });
    expect(list.json()['rows']).toEqual([{ cells: ['as-table', 2, expect.any(String)], object: null }]);
  });

  it('are a Status, not a table, for what is not there', async () => {
    const answer = await face.call(`${CONFIG_MAPS}/none`, { headers: { accept: TABLE } });
    expect([answer.status, answer.json()]).toMatchObject([404, { kind: 'Status', reason: 'NotFound' }]);
  });

  it('are only metadata if the client asks for that', async () => {
    await face.write('POST', CONFIG_MAPS, configMap('as-metadata', { a: '1' }));
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
    const answer = (await face.call(`${CONFIG_MAPS}/as-metadata`, { headers: { accept } })).json();
    expect(answer).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'as-metadata' } });
    expect(answer).not.toHaveProperty('data');
  });

  it.each<[string, string, Record<string, string>, number, string]>([
    ['an unknown includeObject', `${CONFIG_MAPS}?includeObject=All`, { accept: TABLE }, 400, 'BadRequest'],
    [
      'protobuf answers',
      CONFIG_MAPS,
      { accept: 'application/vnd.kubernetes.protobuf' },
      406,
      'NotAcceptable',
    ],
    ['an unknown group', '/apis/nothing.example.com/v1', {}, 404, 'NotFound'],
    ['an exec without an upgrade', `${PODS}/web/exec?command=ls&stdout=true`, {}, 400, 'BadRequest'],
    [
      'another upgrade',
      `${PODS}/web/portforward`,
      { connection: 'upgrade', upgrade: 'websocket' },
      501,
      'NotImplemented',
    ],
  ])('refuse %s', async (_name, path, headers, code, reason) => {
    const answer = await face.call(path, { headers });
    expect([answer.status, answer.json()]).toMatchObject([code, { kind: 'Status', reason }]);
  });

  it('refuse a method that Kubernetes does not have', async () => {
    expect((await face.call(CONFIG_MAPS, { method: 'OPTIONS' })).status).toBe(405);
  });

  it('refuse exec over SPDY by name', async () => {
    const answer = await face.call(`${PODS}/web/exec?command=ls&stdout=true`, {
      method: 'POST',
      headers: { connection: 'upgrade', upgrade: 'SPDY/3.1' },
    });
    expect([answer.status, answer.json()]).toMatchObject([501, { message: expect.stringContaining('SPDY') }]);
  });

  it('say by their content type that discovery is aggregated', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    for (const path of ['/api', '/apis']) {
      const { headers, json } = await face.call(path, { headers: { accept: `${accept},application/json` } });
      expect([headers['content-type'], json()]).toMatchObject([accept, { kind: 'APIGroupDiscoveryList' }]);
    }
  });

  it('hand on warnings', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await face.write(
      'POST',
      path,
      definition('gadgets', [{ name: 'Parts', type: 'string', jsonPath: '.spec[*]' }]),
    );
    const answer = await face.call('/apis/example.com/v1/gadgets', { headers: { accept: TABLE } });
    expect(answer.headers['warning']).toMatch(/^299 - "printer column Parts of Gadget: .*"$/);
  });
});

describe('the listener', () => {
  it('names a port that is in use', async () => {
    const { port } = new URL(face.url);
    await expect(face.start(Number(port))).rejects.toThrow(`port ${port} is in use`);
  });

  it('ends watches and connections at once when it is closed', async () => {
    const own = await startTestFace();
    await own.write('POST', PODS, pod('web'));
    const watch = await own.stream(`${PODS}?watch=true`);
    const { url } = own;
    await own.close();
    expect(await watch.ended).toBeDefined();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});
