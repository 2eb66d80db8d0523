/** Which columns a kind has. */
import type { RegisteredResource } from '../../api/types.ts';
import { AGE, type Column, NAME } from './column.ts';
import { customColumns } from './custom.ts';
import {
  CONFIG_MAP_COLUMNS,
  CONTROLLER_REVISION_COLUMNS,
  DEFINITION_COLUMNS,
  EVENT_COLUMNS,
  NAMESPACE_COLUMNS,
  NODE_COLUMNS,
  SECRET_COLUMNS,
  SERVICE_COLUMNS,
  WEBHOOK_COLUMNS,
} from './others.ts';
import { POD_COLUMNS } from './pod.ts';
import {
  BINDING_COLUMNS,
  POLICY_BINDING_COLUMNS,
  POLICY_COLUMNS,
  ROLE_COLUMNS,
  SERVICE_ACCOUNT_COLUMNS,
} from './rights.ts';
import { DEPLOYMENT_COLUMNS, JOB_COLUMNS, REPLICA_SET_COLUMNS } from './workloads.ts';

/** By `group/Kind`. The API core has checked the objects against their kind: here they are taken at their word. */
const BUILT_IN = new Map<string, unknown>([
  ['/Pod', POD_COLUMNS],
  ['/ConfigMap', CONFIG_MAP_COLUMNS],
  ['/Secret', SECRET_COLUMNS],
  ['/Node', NODE_COLUMNS],
  ['/Namespace', NAMESPACE_COLUMNS],
  ['/Event', EVENT_COLUMNS],
  ['/Service', SERVICE_COLUMNS],
  ['batch/Job', JOB_COLUMNS],
  ['apps/Deployment', DEPLOYMENT_COLUMNS],
  ['apps/ReplicaSet', REPLICA_SET_COLUMNS],
  ['apps/ControllerRevision', CONTROLLER_REVISION_COLUMNS],
  ['apiextensions.k8s.io/CustomResourceDefinition', DEFINITION_COLUMNS],
  ['/ServiceAccount', SERVICE_ACCOUNT_COLUMNS],
  ['rbac.authorization.k8s.io/Role', ROLE_COLUMNS],
  ['rbac.authorization.k8s.io/ClusterRole', ROLE_COLUMNS],
  ['rbac.authorization.k8s.io/RoleBinding', BINDING_COLUMNS],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', BINDING_COLUMNS],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', POLICY_COLUMNS],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', POLICY_BINDING_COLUMNS],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', WEBHOOK_COLUMNS],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', WEBHOOK_COLUMNS],
]);

/** NAME and AGE for a kind that is in no list. */
export const columnsOf = (
  group: string,
  kind: string,
  resource: RegisteredResource | undefined,
): Column[] => {
  const builtIn = BUILT_IN.get(`${group}/${kind}`);
  if (builtIn) return builtIn as Column[];
  return resource ? customColumns(resource) : [NAME, AGE];
};
