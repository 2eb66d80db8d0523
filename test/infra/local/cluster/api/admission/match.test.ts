import { describe, expect, it } from 'vitest';
import {
  CONFIG_MAPS,
  configMap,
  DEFINITIONS,
  definition,
  type Json,
  MUTATING,
  PODS,
  pod,
  SETS,
  sidecarSet,
  VALIDATING,
  webhook,
} from '../api.ts';
import { ALLOWED, patching, rules, startReviewed } from './reviews.ts';

describe('which requests', () => {
  it.each<[string, Json, string[]]>([
    ['pods', rules(['pods']), ['CREATE pods', 'UPDATE pods', 'DELETE pods']],
    ['one operation', rules(['pods'], ['UPDATE']), ['UPDATE pods']],
    ['one subresource', rules(['pods/status']), ['UPDATE pods/status']],
    ['all of a resource', rules(['pods/*'], ['UPDATE']), ['UPDATE pods', 'UPDATE pods/status']],
    ['all resources', rules(['*'], ['CREATE']), ['CREATE pods', 'CREATE configmaps']],
    ['one subresource of all', rules(['*/status']), ['UPDATE pods/status']],
    ['everything', rules(['*/*'], ['UPDATE']), ['UPDATE pods', 'UPDATE pods/status']],
    ['another group', rules(['pods'], ['*'], { apiGroups: ['apps'] }), []],
    ['another version', rules(['pods'], ['*'], { apiVersions: ['v2'] }), []],
    ['cluster scope', rules(['pods'], ['*'], { scope: 'Cluster' }), []],
    [
      'another namespace',
      { ...rules(['pods']), namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } },
      [],
    ],
    [
      'this namespace',
      {
        ...rules(['pods'], ['CREATE']),
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
      },
      ['CREATE pods'],
    ],
    [
      'labels that the object loses',
      { ...rules(['pods'], ['UPDATE']), objectSelector: { matchLabels: { app: 'web' } } },
      ['UPDATE pods'],
    ],
  ])('%s', async (_, more, expected) => {
    const { surePost, patch, remove, reviews } = startReviewed({});
    await surePost(VALIDATING, webhook('check', more));
    await surePost(PODS, pod('web', { metadata: { labels: { app: 'web' } } }));
    await patch('merge', `${PODS}/web`, { metadata: { labels: { app: 'x' } } });
    await patch('merge', `${PODS}/web/status`, { status: { phase: 'Running' } });
    await surePost(CONFIG_MAPS, configMap('a'));
    await remove(`${PODS}/web`);
    const shown = reviews.map(
      ({ operation, resource, subResource }) =>
        `${operation} ${resource.resource}${subResource === undefined ? '' : `/${subResource}`}`,
    );
    expect(shown).toEqual(expected);
  });

  it('a namespace is judged by its own labels', async () => {
    const { surePost, reviews } = startReviewed({});
    const namespaceSelector = { matchLabels: { team: 'a' } };
    await surePost(VALIDATING, webhook('check', { ...rules(['namespaces']), namespaceSelector }));
    await surePost('/api/v1/namespaces', { metadata: { name: 'a', labels: { team: 'a' } } });
    await surePost('/api/v1/namespaces', { metadata: { name: 'b' } });
    expect(reviews.map(({ name }) => name)).toEqual(['a']);
  });

  it('webhook configurations are never sent to webhooks', async () => {
    const { surePost, remove, reviews } = startReviewed({ check: () => ({ allowed: false }) });
    await surePost(VALIDATING, webhook('check', rules(['*'])));
    expect((await remove(`${VALIDATING}/check`)).status).toBe(200);
    expect(reviews).toEqual([]);
  });

  it('a changed configuration counts from the next request on', async () => {
    const { surePost, remove, reviews } = startReviewed({});
    await surePost(VALIDATING, webhook('check'));
    await surePost(PODS, pod('a'));
    await remove(`${VALIDATING}/check`);
    await surePost(PODS, pod('b'));
    expect(reviews.map(({ name }) => name)).toEqual(['a']);
  });
});

describe('versions of a custom resource', () => {
  const OLD_SETS = SETS.replace('v1beta1', 'v1alpha1');
  const stored = {
    rules: [
      {
        operations: ['*'],
        apiGroups: ['apps.kruise.io'],
        apiVersions: ['v1beta1'],
        resources: ['sidecarsets'],
      },
    ],
  };

  it('a webhook for one version gets objects of the other one converted', async () => {
    const { surePost, patch, reviews } = startReviewed({
      set: ({ operation }) =>
        operation === 'CREATE' ? patching({ op: 'add', path: '/spec/seen', value: true }) : ALLOWED,
    });
    await surePost(DEFINITIONS, definition());
    await surePost(MUTATING, webhook('set', stored));
    const created = await surePost(OLD_SETS, sidecarSet('s', {}, 'v1alpha1'));
    expect([created.apiVersion, created.spec]).toEqual(['apps.kruise.io/v1alpha1', { seen: true }]);
    await patch('merge', `${OLD_SETS}/s`, { spec: { x: 1 } });
    for (const { kind, requestKind, resource, object } of reviews) {
      expect([kind.version, resource.version, object?.apiVersion]).toEqual([
        'v1beta1',
        'v1beta1',
        'apps.kruise.io/v1beta1',
      ]);
      expect(requestKind).toEqual({ group: 'apps.kruise.io', version: 'v1alpha1', kind: 'SidecarSet' });
    }
    expect(reviews[1]?.oldObject?.apiVersion).toBe('apps.kruise.io/v1beta1');
  });

  it('matchPolicy Exact keeps to the version that it names', async () => {
    const { surePost, reviews } = startReviewed({});
    await surePost(DEFINITIONS, definition());
    await surePost(VALIDATING, webhook('set', { ...stored, matchPolicy: 'Exact' }));
    await surePost(OLD_SETS, sidecarSet('a', {}, 'v1alpha1'));
    await surePost(SETS, sidecarSet('b'));
    expect(reviews.map(({ name }) => name)).toEqual(['b']);
  });
});
