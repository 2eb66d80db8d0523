/** PUT and PATCH, of an object or of its status. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { attributesOf } from '../admission/attributes.ts';
import { checkWriteOptions } from '../apply/managerName.ts';
import { isSameButTimes, ownersAfterAdmission, trackApply, trackUpdate } from '../apply/track.ts';
import { type Call, nameOf } from '../call.ts';
import type { Core } from '../core.ts';
import { decode } from '../decode.ts';
import {
  badRequest,
  conflict,
  forbiddenField,
  immutable,
  invalid,
  invalidValue,
  modified,
  otherNamespace,
} from '../errors.ts';
import { strictnessOf } from '../fieldValidation.ts';
import { copy, equal, type JsonObject } from '../json.ts';
import { ephemeralContainerCauses, withEphemeralContainers } from '../kinds/ephemeralContainers.ts';
import { metadataCauses, unchangedCauses } from '../kinds/metadata.ts';
import { type ApiObject, desired, keyOf, SERVER_OWNED } from '../objects.ts';
import { type PatchText, readPatch } from '../patch/patch.ts';
import { represent } from '../representation.ts';
import { hasStatus, type ResourceType, schemaOf, sectionOf, storedType } from '../resourceType.ts';
import { kept } from '../structural/fit.ts';
import { ApiError } from '../types.ts';
import { createApplied } from './create.ts';
import { stored } from './read.ts';

const EPHEMERAL = 'ephemeralcontainers';

/** How often a write without a resourceVersion of its own starts again when another one was faster. */
const ATTEMPTS = 5;

/** What the caller wants to be there, and who then owns what of it. */
interface Proposal {
  object: ApiObject;
  track(confined: ApiObject): ApiObject | Promise<ApiObject>;
}

/** Gets what is there, in the version of the request. */
type Revise = (core: Core, call: Call, current: ApiObject) => Promise<Proposal>;

const checkIdentity = (call: Call, proposed: ApiObject): void => {
  const { name, namespace } = proposed.metadata;
  if (!name)
    throw badRequest(
      `the name of the object (${call.name} based on URL) was undeterminable: name must be provided`,
    );
  if (name !== call.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${call.name})`);
  if (namespace !== undefined && call.namespace !== undefined && namespace !== call.namespace)
    throw otherNamespace();
};

/** PUT takes the uid for a precondition; in a patch it is a field that can't change. */
const otherUid = (call: Call, asked: string, found: string | undefined) =>
  call.method === 'PATCH'
    ? invalid(call.type, nameOf(call), [immutable('metadata.uid', asked)])
    : conflict(
        call.type,
        nameOf(call),
        `StorageError: invalid object, Code: 4, Key: ${storageKey(call)}, ResourceVersion: 0, ` +
          `AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${found}`,
      );

/** As Kubernetes' storage names it. */
const storageKey = ({ type, namespace, name }: Call): string =>
  [
    '/registry',
    ...(type.custom ? [type.group] : []),
    type.plural,
    ...(namespace ? [namespace] : []),
    name,
  ].join('/');

const checkVersionText = (resourceVersion: string): void => {
  if (/^\d*$/.test(resourceVersion)) return;
  const why = `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`;
  throw new ApiError(500, '', why);
};

/** resourceVersion and uid of the body hold, or the write is refused. */
const checkPreconditions = (call: Call, proposed: ApiObject, current: ApiObject): void => {
  const { uid, resourceVersion = '' } = proposed.metadata;
  checkVersionText(resourceVersion);
  if (call.method === 'PUT' && uid && uid !== current.metadata.uid)
    throw otherUid(call, uid, current.metadata.uid);
  if (!['', '0', current.metadata.resourceVersion].includes(resourceVersion))
    throw modified(call.type, nameOf(call));
  if (uid && uid !== current.metadata.uid) throw otherUid(call, uid, current.metadata.uid);
  if (['', '0'].includes(resourceVersion) && !call.type.rules.unconditionalUpdate) {
    const why = 'must be specified for an update';
    throw invalid(call.type, nameOf(call), [invalidValue('metadata.resourceVersion', 0, why)]);
  }
};

const withSystemFields = (proposed: ApiObject, current: ApiObject): ApiObject => {
  const metadata = { ...proposed.metadata };
  for (const field of SERVER_OWNED) delete metadata[field];
  for (const field of SERVER_OWNED)
    if (current.metadata[field] !== undefined) Object.assign(metadata, { [field]: current.metadata[field] });
  const { namespace, resourceVersion } = current.metadata;
  return { ...proposed, metadata: { ...metadata, ...(namespace && { namespace }), resourceVersion } };
};

const withStatus = (object: ApiObject, status: unknown): ApiObject => {
  const result = { ...object };
  delete result['status'];
  return status === undefined ? result : { ...result, status: copy(status) };
};

/** Labels and annotations too where the kind lets them pass; owners never. */
const statusWrite = ({ type }: Call, proposed: ApiObject, current: ApiObject): ApiObject => {
  const object = withStatus(copy(current), proposed['status']);
  if (!type.rules.statusTakesMetadata) return object;
  const { ownerReferences: _, ...metadata } = withSystemFields(proposed, current).metadata;
  const { ownerReferences } = current.metadata;
  return { ...object, metadata: { ...metadata, ...(ownerReferences && { ownerReferences }) } };
};

const withOwners = (object: ApiObject, { metadata: { managedFields } }: ApiObject): ApiObject => {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(managedFields && { managedFields }) } };
};

/** A write of a subresource changes only what is its own, any other write everything but the status. */
const confined = (call: Call, proposed: ApiObject, current: ApiObject): ApiObject => {
  if (call.subresource === 'status') return withOwners(statusWrite(call, proposed, current), proposed);
  if (call.subresource === EPHEMERAL) return withOwners(withEphemeralContainers(current, proposed), proposed);
  const object = withSystemFields(proposed, current);
  return hasStatus(call.type) ? withStatus(object, current['status']) : object;
};

/** Decodes what a client or a webhook made of the current object. */
const settled =
  (call: Call, current: ApiObject) =>
  (value: unknown): ApiObject => {
    const proposed = decode(call.type, value);
    checkIdentity(call, proposed);
    return confined(call, proposed, current);
  };

const finalizerCauses = (object: ApiObject, current: ApiObject) => {
  if (current.metadata.deletionTimestamp === undefined) return [];
  const known = current.metadata.finalizers ?? [];
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !known.includes(finalizer));
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`;
  return added.length === 0 ? [] : [forbiddenField('metadata.finalizers', why)];
};

const raiseGeneration = (type: ResourceType, object: ApiObject, current: ApiObject): void => {
  if (!type.rules.generation) return;
  const withStatusToo = type.custom && !hasStatus(type);
  const same = equal(desired(object, withStatusToo), desired(current, withStatusToo));
  object.metadata.generation = (current.metadata.generation ?? 1) + (same ? 0 : 1);
};

const refuse = (call: Call, causes: StatusCause[]): void => {
  if (causes.length > 0) throw invalid(call.type, nameOf(call), causes);
};

/** The kind's rules (`rest.BeforeUpdate`). */
const prepare = (call: Call, object: ApiObject, current: ApiObject): void => {
  const { rules } = call.type;
  if (call.subresource === 'status') {
    refuse(call, rules.validateStatus?.(object, current) ?? []);
    return;
  }
  rules.prepareUpdate?.(object, current);
  raiseGeneration(call.type, object, current);
  refuse(
    call,
    call.subresource === EPHEMERAL
      ? ephemeralContainerCauses(object, current)
      : [
          ...metadataCauses(object),
          ...finalizerCauses(object, current),
          ...(rules.validate?.(object) ?? []),
          ...(rules.validateUpdate?.(object, current) ?? []),
        ],
  );
  call.warnings.push(...(rules.warnings?.(object) ?? []));
};

const isFinished = ({ metadata }: ApiObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).length === 0 &&
  (metadata.deletionGracePeriodSeconds ?? 0) === 0;

/** Stores `next`; a write that changes nothing stores nothing, and the last finalizer takes the object with it. */
const commit = (core: Core, call: Call, next: ApiObject, before: ApiObject): ApiObject => {
  if (equal(next, before) || isSameButTimes(next, before)) return before;
  if (call.dryRun) return next;
  const [section, key] = [sectionOf(call.type), keyOf(call.namespace, nameOf(call))];
  if (isFinished(next)) {
    // Watchers are shown what was stored: the last write is in its own answer only.
    const gone = core.store.remove(section, key) ?? next;
    return { ...next, metadata: { ...next.metadata, resourceVersion: gone.metadata.resourceVersion } };
  }
  return core.store.put(section, key, next);
};

/** `undefined`: another write came between the read and the commit. */
const attempt = async (core: Core, call: Call, revise: Revise): Promise<ApiObject | undefined> => {
  const before = stored(core, call);
  const current = await core.converter.convert(before, call.type);
  const proposal = await revise(core, call, current);
  checkIdentity(call, proposal.object);
  checkPreconditions(call, proposal.object, current);
  refuse(call, unchangedCauses(proposal.object, current));
  const settle = settled(call, current);
  const object = await proposal.track(confined(call, proposal.object, current));
  const attributes = attributesOf(call, 'UPDATE', { name: nameOf(call), oldObject: current });
  const mutated = await core.admission.mutate(attributes, object, settle);
  const complete = ownersAfterAdmission(call, object, mutated);
  prepare(call, complete, current);
  await core.admission.validate(attributes, complete);
  const final = kept(schemaOf(call.type), complete);
  const next = await core.converter.convert(final, storedType(call.type));
  if (core.store.get(sectionOf(call.type), keyOf(call.namespace, nameOf(call))) !== before) return undefined;
  const result = commit(core, call, next, before);
  const { resourceVersion } = result.metadata;
  return { ...final, metadata: { ...final.metadata, resourceVersion } };
};

const update = async (core: Core, call: Call, revise: Revise): Promise<JsonObject> => {
  for (let round = 0; round < ATTEMPTS; round += 1) {
    const object = await attempt(core, call, revise);
    if (object) return represent(call.type, object, call.headers.get('accept'));
  }
  throw modified(call.type, nameOf(call));
};

const proposed =
  (change: (current: ApiObject) => unknown, text?: PatchText): Revise =>
  async (core, call, current) => {
    const body = change(copy(current));
    const object = decode(call.type, body, strictnessOf(call, body, text));
    return { object, track: (confined) => trackUpdate(core, call, current, confined) };
  };

const applied: Revise = async (core, call, current) => {
  const { object, settle } = await trackApply(core, call, current);
  return { object: decode(call.type, object), track: settle };
};

export const replace = (core: Core, call: Call): Promise<JsonObject> => {
  nameOf(call);
  checkWriteOptions(call, false);
  return update(
    core,
    call,
    proposed(() => call.body),
  );
};

export const patch = (core: Core, call: Call): Promise<JsonObject> => {
  nameOf(call);
  checkWriteOptions(call, false);
  const { change, text } = readPatch(call);
  return update(core, call, proposed(change, text));
};

export interface AppliedAnswer {
  isNew: boolean;
  body: JsonObject;
}

/** Server-side apply, which creates what is not there; not by way of a subresource. */
export const serverSideApply = async (core: Core, call: Call): Promise<AppliedAnswer> => {
  checkWriteOptions(call, true);
  const key = keyOf(call.namespace, nameOf(call));
  const isNew = call.subresource === undefined && !core.store.get(sectionOf(call.type), key);
  if (isNew) return { isNew, body: await createApplied(core, call) };
  return { isNew, body: await update(core, call, applied) };
};
