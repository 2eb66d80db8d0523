/**
 * What is there before a create. Go's structs are never absent, so nobody owns the mere presence of the `spec` of a
 * built-in kind; of a custom resource, whoever creates it does.
 */
import { isObject, type JsonObject, own } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { ResourceType } from '../resourceType.ts';

const TEMPLATE = { metadata: {}, spec: { containers: null } };

const SPECS: Readonly<Record<string, JsonObject>> = {
  Pod: { spec: { containers: null }, status: {} },
  Namespace: { spec: {}, status: {} },
  Node: { spec: {}, status: { daemonEndpoints: { kubeletEndpoint: {} }, nodeInfo: {} } },
  Service: { spec: {}, status: { loadBalancer: {} } },
  Event: { involvedObject: {}, source: {} },
  Deployment: { spec: { template: TEMPLATE, strategy: {} }, status: {} },
  ReplicaSet: { spec: { template: TEMPLATE }, status: {} },
  Job: { spec: { template: TEMPLATE }, status: {} },
  CustomResourceDefinition: {
    spec: { names: {}, versions: null },
    status: { conditions: null, acceptedNames: {}, storedVersions: null },
  },
  ControllerRevision: { data: null },
  ClusterRole: { rules: null },
  Role: { rules: null },
  ClusterRoleBinding: { roleRef: {} },
  RoleBinding: { roleRef: {} },
  FlowSchema: { spec: { priorityLevelConfiguration: {} }, status: {} },
  Lease: { spec: {} },
  PriorityLevelConfiguration: { spec: {}, status: {} },
  ValidatingAdmissionPolicy: { spec: {}, status: {} },
  ValidatingAdmissionPolicyBinding: { spec: {} },
};

const filled = (value: unknown, blank: unknown): unknown => {
  if (!isObject(blank)) return value === undefined ? blank : value;
  const result: JsonObject = isObject(value) ? { ...value } : {};
  for (const [key, part] of Object.entries(blank)) result[key] = filled(own(result, key), part);
  return result;
};

/** The object with the structs that are never absent. */
export const withStructs = (type: ResourceType, object: JsonObject): JsonObject => {
  const blank = type.custom ? undefined : SPECS[type.kind];
  const result = filled(object, { ...blank, metadata: {} });
  return isObject(result) ? result : object;
};

/** As `withStructs` of an object of that type without any field. */
export const blankObject = ({ kind }: ResourceType, apiVersion: string): ApiObject => ({
  apiVersion,
  kind,
  metadata: { name: '' },
});
