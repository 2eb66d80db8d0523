/** Parts of rights and policies that this API server does not do, and says so. */
import { expect, it } from 'vitest';
import { type Json, startApi } from './api.ts';

const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const BINDINGS = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const CLUSTER_ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const FLOW = '/apis/flowcontrol.apiserver.k8s.io/v1';

const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['pods'] };
const validation = { expression: 'true' };
const policy = (more: Json): Json => ({
  matchConstraints: { resourceRules: [rule] },
  validations: [validation],
  ...more,
});

it.each<[what: string, path: string, object: Json]>([
  ['aggregationRule', CLUSTER_ROLES, { aggregationRule: { clusterRoleSelectors: [] } }],
  ['spec.paramKind', POLICIES, { spec: policy({ paramKind: { kind: 'ConfigMap', apiVersion: 'v1' } }) }],
  [
    'spec.auditAnnotations',
    POLICIES,
    { spec: policy({ auditAnnotations: [{ key: 'a', valueExpression: "'b'" }] }) },
  ],
  [
    'spec.validations.messageExpression',
    POLICIES,
    { spec: policy({ validations: [{ ...validation, messageExpression: "'a'" }] }) },
  ],
  [
    'spec.matchConstraints.excludeResourceRules',
    POLICIES,
    { spec: policy({ matchConstraints: { resourceRules: [rule], excludeResourceRules: [rule] } }) },
  ],
  [
    'spec.matchConstraints.resourceRules.resourceNames',
    POLICIES,
    { spec: policy({ matchConstraints: { resourceRules: [{ ...rule, resourceNames: ['x'] }] } }) },
  ],
  [
    'the function quantity of CEL',
    POLICIES,
    { spec: policy({ validations: [{ expression: "quantity('1') == quantity('1')" }] }) },
  ],
  [
    'the function authorizer of CEL',
    POLICIES,
    { spec: policy({ validations: [{ expression: "authorizer.path('/').check('get').allowed()" }] }) },
  ],
  ['spec.paramRef', BINDINGS, { spec: { policyName: 'x', validationActions: ['Deny'], paramRef: {} } }],
])('%s is refused by name', async (what, path, object) => {
  const { status, failure } = await startApi().post(path, { metadata: { name: 'x' }, ...object });
  expect([status, failure.message]).toEqual([501, expect.stringContaining(what)]);
});

it.each<[kind: string, plural: string, spec: Json]>([
  ['FlowSchema', 'flowschemas', { priorityLevelConfiguration: { name: 'x' } }],
  ['PriorityLevelConfiguration', 'prioritylevelconfigurations', { type: 'Limited', limited: {} }],
])('a %s is stored with a warning that it is not enforced', async (kind, plural, spec) => {
  const { post, patch } = startApi();
  const warning = `${kind}: stored, but not enforced by the embedded API server`;
  const path = `${FLOW}/${plural}`;
  expect(await post(path, { metadata: { name: 'x' }, spec })).toMatchObject({
    status: 201,
    warnings: [warning],
  });
  expect(await patch('merge', `${path}/x`, {})).toMatchObject({ status: 200, warnings: [warning] });
});

it('a level without a type, and a schema without a level, are refused', async () => {
  const { post } = startApi();
  for (const [plural, field] of [
    ['flowschemas', 'spec.priorityLevelConfiguration.name'],
    ['prioritylevelconfigurations', 'spec.type'],
  ]) {
    const { status, failure } = await post(`${FLOW}/${plural}`, { metadata: { name: 'x' }, spec: {} });
    expect([status, failure.details.causes?.map((cause) => cause.field)]).toEqual([422, [field]]);
  }
});
