/** Keeps `metadata.managedFields` for a write, as Kubernetes' field manager does. */
import type { ManagedFieldsEntry } from '../../../../../shared/model/kubernetes.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import type { Call } from '../call.ts';
import type { Core } from '../core.ts';
import { badRequest } from '../errors.ts';
import { equal, isObject, type JsonObject, own, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import { apiVersionOf } from '../resourceType.ts';
import { typeOf } from '../schema/typeOf.ts';
import { apply } from './apply.ts';
import { blankObject } from './blank.ts';
import { checkConfiguration } from './configuration.ts';
import { type Manager, type Owner, readOwners, writeOwners } from './managed.ts';
import { managerName } from './managerName.ts';
import { resetFields } from './reset.ts';
import { ownersAfterUpdate } from './update.ts';
import { compareInVersions, versionsOf } from './versions.ts';

const managerOf = (call: Call, operation: Manager['operation'], name = managerName(call)): Manager => ({
  name,
  operation,
  apiVersion: apiVersionOf(call.type),
  subresource: call.subresource ?? '',
});

const withManagedFields = (object: ApiObject, entries: ManagedFieldsEntry[] | undefined): ApiObject => {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(entries && { managedFields: entries }) } };
};

/** An empty list, or one empty entry, asks the server to forget all owners. */
const isReset = (entries: unknown): boolean =>
  Array.isArray(entries) &&
  (entries.length === 0 ||
    (entries.length === 1 && isObject(entries[0]) && Object.keys(entries[0]).length === 0));

/** A client may write the owners; one that does not know of them keeps them. Subresources can't change them. */
const ownersBefore = (call: Call, current: ApiObject | undefined, proposed: ApiObject): Owner[] => {
  const live = readOwners(current?.metadata.managedFields) ?? [];
  if (call.subresource !== undefined) return live;
  const given = proposed.metadata.managedFields;
  if (isReset(given)) return [];
  const owners = readOwners(given) ?? [];
  return owners.length === 0 ? live : owners;
};

const updated = async (
  core: Core,
  call: Call,
  [before, after]: [ApiObject, ApiObject],
  [owners, manager]: [readonly Owner[], Manager],
): Promise<Owner[]> => {
  const compared = { resource: call.type, subresource: call.subresource, before, owners };
  const changes = await compareInVersions(core, compared, after);
  const change = changes(manager.apiVersion);
  if (!change) return [...owners];
  return ownersAfterUpdate(owners, manager, { own: change, changes, time: wholeSeconds(core.clock.now()) });
};

/** The proposed object with its owners; `current` is absent for a create. */
export const trackUpdate = async (
  core: Core,
  call: Call,
  current: ApiObject | undefined,
  proposed: ApiObject,
): Promise<ApiObject> => {
  const owners = ownersBefore(call, current, proposed);
  // Nobody is tracked any more on an object whose owners were forgotten, until somebody applies.
  if (current && owners.length === 0) return withManagedFields(proposed, undefined);
  const before = current ?? blankObject(call.type, apiVersionOf(call.type));
  const after = await updated(core, call, [before, proposed], [owners, managerOf(call, 'Update')]);
  return withManagedFields(proposed, writeOwners(after));
};

/** Who had fields before the first apply is one manager. */
const ownersBeforeApply = async (
  core: Core,
  call: Call,
  live: ApiObject,
  isNew: boolean,
): Promise<Owner[]> => {
  const owners = readOwners(live.metadata.managedFields) ?? [];
  if (owners.length > 0 || isNew) return owners;
  const blank = blankObject(call.type, apiVersionOf(call.type));
  return updated(core, call, [blank, live], [[], managerOf(call, 'Update', 'before-first-apply')]);
};

const checkConfigurationType = (call: Call): JsonObject => {
  const config = call.body;
  if (!isObject(config)) throw badRequest('error decoding YAML: the body must be an object');
  const [apiVersion, kind] = [textAt(config, 'apiVersion') ?? '', textAt(config, 'kind') ?? ''];
  if (apiVersion !== apiVersionOf(call.type) || kind !== call.type.kind) {
    const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw badRequest(`invalid object type: ${groupVersion}, Kind=${kind}`);
  }
  const metadata = own(config, 'metadata');
  if (isObject(metadata) && (own(metadata, 'managedFields') ?? null) !== null)
    throw badRequest('metadata.managedFields must be nil');
  checkConfiguration(typeOf(call.type), config);
  return config;
};

/**
 * The object after the request's configuration was applied to the current one, which is absent for a create. Rejects
 * with a 400 or 500 on a configuration that does not fit the kind, with a 409 on conflicts.
 */
export const trackApply = async (
  core: Core,
  call: Call,
  current: ApiObject | undefined,
): Promise<{ object: ApiObject; settle(decoded: ApiObject): ApiObject }> => {
  const config = checkConfigurationType(call);
  const live = current ?? blankObject(call.type, apiVersionOf(call.type));
  const owners = await ownersBeforeApply(core, call, live, !current);
  const compared = { resource: call.type, subresource: call.subresource, before: live, owners };
  const applied = await apply({
    type: typeOf(call.type),
    live,
    config,
    manager: managerOf(call, 'Apply'),
    owners,
    reset: resetFields(call.type, call.subresource),
    force: ['true', '1'].includes(call.query.get('force') ?? ''),
    time: wholeSeconds(core.clock.now()),
    versions: versionsOf(core, call.type),
    compareTo: (object) => compareInVersions(core, compared, object),
  });
  const entries = writeOwners(applied.owners);
  return {
    object: withManagedFields(applied.object, entries),
    settle: (decoded) => withManagedFields(decoded, entries),
  };
};

const OUTDATED =
  '.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating ' +
  'admission controller; please fix your requests';

/** What webhooks may make of the owners: a list that can be read. */
export const ownersAfterAdmission = (call: Call, tracked: ApiObject, admitted: ApiObject): ApiObject => {
  const { managedFields } = tracked.metadata;
  if (equal(managedFields, admitted.metadata.managedFields)) return admitted;
  if (readOwners(admitted.metadata.managedFields)) return admitted;
  call.warnings.push(OUTDATED);
  return withManagedFields(admitted, managedFields);
};

const withoutTimes = (object: ApiObject): ApiObject => {
  const entries = object.metadata.managedFields?.map(({ time: _, ...entry }) => entry);
  return withManagedFields(object, entries);
};

/** Whether a write changes nothing but the times at which managers wrote. */
export const isSameButTimes = (next: ApiObject, before: ApiObject): boolean =>
  next.metadata.managedFields?.length === before.metadata.managedFields?.length &&
  equal(withoutTimes(next), withoutTimes(before));
