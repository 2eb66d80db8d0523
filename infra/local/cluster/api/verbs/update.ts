/** PUT and PATCH, of an object or of its status. */
import { attributesOf } from '../admission/attributes.ts';
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
import { copy, equal, type JsonObject } from '../json.ts';
import { metadataCauses, unchangedCauses } from '../kinds/metadata.ts';
import { type ApiObject, desired, keyOf, SERVER_OWNED } from '../objects.ts';
import { readPatch } from '../patch/patch.ts';
import { represent } from '../representation.ts';
import { hasStatus, type ResourceType, sectionOf, storedType } from '../resourceType.ts';
import { ApiError } from '../types.ts';
import { stored } from './read.ts';

/** How often a write without a resourceVersion of its own starts again when another one was faster. */
const ATTEMPTS = 5;

/** What the caller wants to be there; gets its own copy of what is there, in the version of the request. */
type Revise = (current: ApiObject) => unknown;

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

/** A status write changes only the status, any other write everything else. */
const confined = (call: Call, proposed: ApiObject, current: ApiObject): ApiObject => {
  if (call.subresource === 'status') return withStatus(copy(current), proposed['status']);
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

/** The kind's rules (`rest.BeforeUpdate`). */
const prepare = (call: Call, object: ApiObject, current: ApiObject): void => {
  if (call.subresource === 'status') return;
  const { rules } = call.type;
  rules.prepareUpdate?.(object, current);
  raiseGeneration(call.type, object, current);
  const causes = [
    ...metadataCauses(object),
    ...finalizerCauses(object, current),
    ...(rules.validate?.(object) ?? []),
    ...(rules.validateUpdate?.(object, current) ?? []),
  ];
  if (causes.length > 0) throw invalid(call.type, nameOf(call), causes);
};

const isFinished = ({ metadata }: ApiObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).length === 0 &&
  (metadata.deletionGracePeriodSeconds ?? 0) === 0;

/** Stores `next`; a write that changes nothing stores nothing, and the last finalizer takes the object with it. */
const commit = (core: Core, call: Call, next: ApiObject, before: ApiObject): ApiObject => {
  if (equal(next, before)) return before;
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
  const proposed = decode(call.type, revise(copy(current)));
  checkIdentity(call, proposed);
  checkPreconditions(call, proposed, current);
  const changed = unchangedCauses(proposed, current);
  if (changed.length > 0) throw invalid(call.type, nameOf(call), changed);
  const settle = settled(call, current);
  const object = confined(call, proposed, current);
  const attributes = attributesOf(call, 'UPDATE', { name: nameOf(call), oldObject: current });
  const final = await core.admission.mutate(attributes, object, settle);
  prepare(call, final, current);
  await core.admission.validate(attributes, final);
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

export const replace = (core: Core, call: Call): Promise<JsonObject> => {
  nameOf(call);
  return update(core, call, () => call.body);
};

export const patch = (core: Core, call: Call): Promise<JsonObject> => {
  nameOf(call);
  return update(core, call, readPatch(call));
};
