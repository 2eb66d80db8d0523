/** PUT and PATCH, of an object or of its status. */
import { attributesOf } from '../admission/attributes.ts';
import { checkWriteOptions } from '../apply/managerName.ts';
import { isSameButTimes, ownersAfterAdmission, trackApply, trackUpdate } from '../apply/track.ts';
import { type Call, nameOf } from '../call.ts';
import type { Core } from '../core.ts';
import { decode } from '../decode.ts';
import { modified } from '../errors.ts';
import { strictnessOf } from '../fieldValidation.ts';
import { copy, equal, type JsonObject } from '../json.ts';
import { unchangedCauses } from '../kinds/metadata.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import { type PatchText, readPatch } from '../patch/patch.ts';
import { represent } from '../representation.ts';
import { schemaOf, sectionOf, storedType } from '../resourceType.ts';
import { kept } from '../structural/fit.ts';
import { confined, settled } from './confined.ts';
import { createApplied } from './create.ts';
import { checkIdentity, checkPreconditions } from './preconditions.ts';
import { stored } from './read.ts';
import { prepare, refuse } from './updateRules.ts';

/** How often a write without a resourceVersion of its own starts again when another one was faster. */
const ATTEMPTS = 5;

/** What the caller wants to be there, and who then owns what of it. */
interface Proposal {
  object: ApiObject;
  track(confined: ApiObject): ApiObject | Promise<ApiObject>;
}

/** Gets what is there, in the version of the request. */
type Revise = (core: Core, call: Call, current: ApiObject) => Promise<Proposal>;

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
