import type { OwnerReference } from '../../../../../shared/model/kubernetes.ts';
import {
  CONFIG_MAPS,
  CONTROLLER_REVISIONS,
  PODS,
  type Resource,
  SIDECARSETS,
} from '../../../../../shared/model/resources.ts';
import { DEPLOYMENTS, JOBS, REPLICA_SETS, SECRETS, SERVICE_ACCOUNTS, SERVICES } from '../workloads.ts';

/** Objects of these kinds are deleted when their owners are gone. */
export const DEPENDENTS: Resource[] = [
  PODS,
  CONFIG_MAPS,
  SECRETS,
  SERVICES,
  SERVICE_ACCOUNTS,
  CONTROLLER_REVISIONS,
  JOBS,
  DEPLOYMENTS,
  REPLICA_SETS,
];

const OWNERS = [...DEPENDENTS, SIDECARSETS];

/** The resource of an owner, whichever version its reference names; `undefined` for a kind not known here. */
export const ownerResource = ({ apiVersion, kind }: OwnerReference): Resource | undefined => {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return OWNERS.find((resource) => resource.kind === kind && resource.group === group);
};
