/** Who may resize a Pod, and who is asked. */
import { describe, expect } from 'vitest';
import { removeAtEnd } from './harness/api.ts';
import { contract, freshName } from './harness/contract.ts';
import { ALLOWED, entry, patching, register, ruleFor } from './harness/hooks.ts';
import { mainAsks, start } from './harness/resizes.ts';
import { as, create, request, send, soon, TRUSTING } from './harness/users.ts';

describe('admission of a resize', () => {
  contract(
    'is an UPDATE of pods/resize, of which webhooks for pods hear nothing',
    {
      behaviour: 'does not name the subresource',
      review: (review) => ({ ...review, request: { ...review.request, subResource: 'status' } }),
    },
    async (api) => {
      const { namespace, resize } = await start(api);
      const [deaf, webhook] = [await api.webhook(() => ALLOWED), await api.webhook(() => ALLOWED)];
      await register(api, { kind: 'Validating', namespace }, [
        entry(deaf, namespace, { rules: [ruleFor(['pods'])] }),
        entry(webhook, namespace, { name: 'second.example.com', rules: [ruleFor(['pods/resize'])] }),
      ]);
      await resize(mainAsks({ cpu: '200m' }));
      expect(deaf.reviews).toEqual([]);
      expect(webhook.reviews.map((review) => review.request)).toMatchObject([
        {
          kind: { group: '', version: 'v1', kind: 'Pod' },
          resource: { group: '', version: 'v1', resource: 'pods' },
          operation: 'UPDATE',
          subResource: 'resize',
          name: 'web',
          options: { kind: 'UpdateOptions' },
          object: {
            metadata: { generation: 2, labels: { app: 'web' } },
            spec: { containers: [{ image: 'nginx:1', resources: { requests: { cpu: '200m' } } }] },
          },
          oldObject: {
            metadata: { generation: 1 },
            spec: { containers: [{ resources: { requests: { cpu: '100m' } } }] },
          },
        },
      ]);
    },
  );

  contract(
    'can change the amounts, and nothing else',
    { behaviour: 'asks no webhook', verdict: () => ALLOWED },
    async (api) => {
      const { namespace, resize } = await start(api);
      const webhook = await api.webhook(() =>
        patching(
          { op: 'replace', path: '/spec/containers/0/resources/requests/cpu', value: '250m' },
          { op: 'replace', path: '/spec/containers/0/image', value: 'other:1' },
          { op: 'add', path: '/metadata/labels/more', value: 'x' },
        ),
      );
      await register(api, { kind: 'Mutating', namespace }, [
        entry(webhook, namespace, { rules: [ruleFor(['pods/resize'])] }),
      ]);
      const { status, object } = await resize(mainAsks({ cpu: '200m' }));
      expect([status, object.metadata.labels]).toEqual([200, { app: 'web' }]);
      expect(object.spec['containers']).toMatchObject([
        { image: 'nginx:1', resources: { requests: { cpu: '250m' } } },
      ]);
    },
  );

  contract(
    'by a policy sees the spec',
    {
      behaviour: 'evaluates no policy',
      request: (request) =>
        request.path.endsWith('bindings') ? { ...request, query: { dryRun: 'All' } } : request,
    },
    async (api) => {
      const { namespace, resize } = await start(api);
      const group = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
      const name = freshName('policy');
      const rule = {
        apiGroups: [''],
        apiVersions: ['v1'],
        operations: ['UPDATE'],
        resources: ['pods/resize'],
      };
      const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
      await api.surePost(group, {
        metadata: { name },
        spec: {
          matchConstraints: { resourceRules: [rule], namespaceSelector },
          validations: [
            {
              expression: "object.spec.containers.all(c, c.resources.requests.cpu != '900m')",
              message: 'no',
            },
          ],
        },
      });
      removeAtEnd(`${group}/${name}`);
      const bindings = group.replace(/policies$/, 'policybindings');
      await api.surePost(bindings, {
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'] },
      });
      removeAtEnd(`${bindings}/${name}`);
      await soon(async () => (await resize(mainAsks({ cpu: '900m' }))).status === 422);
      const { failure } = await resize(mainAsks({ cpu: '900m' }));
      expect(failure.message).toContain(`ValidatingAdmissionPolicy '${name}'`);
      expect((await resize(mainAsks({ cpu: '800m' }))).status).toBe(200);
    },
  );
});

contract('a right to resize is another one than that to change', TRUSTING, async (api) => {
  const { namespace, web } = await start(api);
  const body = { spec: mainAsks({ cpu: '200m' }) };
  const patch = (path: string) => ({
    ...request('PATCH', path, body),
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
  });
  const may = async (user: string, resource: string, verbs: string[]) => {
    const rules = [{ apiGroups: [''], resources: [resource], verbs }];
    await create(api, 'roles', user, { rules }, namespace);
    const subjects = [{ kind: 'User', name: user }];
    await create(api, 'rolebindings', user, { roleRef: { kind: 'Role', name: user }, subjects }, namespace);
  };
  const [resizer, changer] = [freshName('resizer'), freshName('changer')];
  await may(resizer, 'pods/resize', ['patch']);
  await may(changer, 'pods', ['get', 'update', 'patch']);
  const asks = async (user: string, wanted: ReturnType<typeof patch>) =>
    (await api.send({ query: {}, ...wanted, headers: { ...wanted.headers, ...as(user) } })).status;
  await soon(async () => (await asks(resizer, patch(`${web}/resize`))) === 200);
  await soon(async () => (await send(api, as(changer), request('GET', web))).status === 200);
  expect(await asks(resizer, patch(web))).toBe(403);
  expect(await asks(changer, patch(`${web}/resize`))).toBe(403);
  const { status, failure } = await send(api, as(resizer), request('GET', `${web}/resize`));
  expect([status, failure.message]).toEqual([
    403,
    `pods "web" is forbidden: User "${resizer}" cannot get resource "pods/resize" in API group "" in the namespace "${namespace}"`,
  ]);
});
