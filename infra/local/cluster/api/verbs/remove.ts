/** delete and deletecollection. */
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { attributesOf } from '../admission/attributes.ts';
import { type Call, nameOf } from '../call.ts';
import type { Core } from '../core.ts';
import { conflict, forbidden, groupResource, methodNotAllowed, modified, notImplemented } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import { represent, representList } from '../representation.ts';
import { sectionOf } from '../resourceType.ts';
import { inScope } from '../scope.ts';
import { successStatus } from '../status.ts';
import { ApiError } from '../types.ts';
import { type DeleteOptions, readDeleteOptions } from './deleteOptions.ts';
import { stored } from './read.ts';

const ATTEMPTS = 5;
const KEPT_NAMESPACES = ['default', 'kube-system'];

const checkPreconditions = (call: Call, { metadata }: ApiObject, options: DeleteOptions): void => {
  const { uid, resourceVersion } = options;
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      call.type,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). ` +
        'The object might have been deleted and then recreated',
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      call.type,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record ` +
        `(${metadata.resourceVersion}). The object might have been modified`,
    );
};

/** There is no namespace controller that would empty a namespace. */
const checkNamespace = (core: Core, call: Call, name: string): void => {
  if (call.type.group !== '' || call.type.plural !== 'namespaces') return;
  if (KEPT_NAMESPACES.includes(name)) throw forbidden(call.type, name, 'this namespace may not be deleted');
  const holds = core.registry
    .all()
    .filter(({ namespaced }) => namespaced)
    .find((type) => core.store.list(sectionOf(type)).some(({ metadata }) => metadata.namespace === name));
  if (holds) throw notImplemented(`deleting a namespace that holds objects (${groupResource(holds)}) is`);
};

interface Term {
  /** When the deletion was first asked for, ms. */
  since: number;
  seconds: number;
}

/** How long the object still has: a later DELETE can only shorten it, and says so itself. */
const termOf = (core: Core, call: Call, object: ApiObject, asked: number | undefined): Term => {
  const { deletionTimestamp, deletionGracePeriodSeconds: left = 0 } = object.metadata;
  if (deletionTimestamp === undefined)
    return {
      since: core.clock.now().getTime(),
      seconds: call.type.rules.gracePeriod?.(object, asked) ?? 0,
    };
  const since = Date.parse(deletionTimestamp) - left * 1000;
  return { since, seconds: Math.min(asked ?? left, left) };
};

/** Finalizers that the kind adds to the first DELETE. */
const withFinalizers = (call: Call, object: ApiObject): ApiObject => {
  const { finalizers = [] } = call.type.rules;
  const { metadata } = object;
  if (finalizers.length === 0 || metadata.deletionTimestamp !== undefined) return object;
  const all = new Set([...(metadata.finalizers ?? []), ...finalizers]);
  return { ...object, metadata: { ...metadata, finalizers: [...all] } };
};

/** What a DELETE makes of an object: `undefined` if it goes now, the same object if nothing changes. */
const marked = (core: Core, call: Call, found: ApiObject, options: DeleteOptions): ApiObject | undefined => {
  const object = withFinalizers(call, found);
  const { metadata } = object;
  const { since, seconds } = termOf(core, call, object, options.gracePeriod);
  const first = metadata.deletionTimestamp === undefined;
  if (seconds === 0 && (metadata.finalizers ?? []).length === 0) return undefined;
  if (!first && seconds === metadata.deletionGracePeriodSeconds) return found;
  return {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: wholeSeconds(new Date(since + seconds * 1000)),
      deletionGracePeriodSeconds: seconds,
      ...(metadata.generation !== undefined && first && { generation: metadata.generation + 1 }),
    },
  };
};

interface Removed {
  object: ApiObject;
  gone: boolean;
}

const commit = (core: Core, call: Call, before: ApiObject, options: DeleteOptions): Removed => {
  const [section, key] = [sectionOf(call.type), keyOf(before.metadata.namespace, before.metadata.name)];
  const next = marked(core, call, before, options);
  if (call.dryRun || next === before) return { object: next ?? before, gone: next === undefined };
  if (next) return { object: core.store.put(section, key, next), gone: false };
  return { object: core.store.remove(section, key) ?? before, gone: true };
};

/** The options as the review shows them: a graceful deletion has its term, asked for or not. */
const reviewedOptions = (core: Core, call: Call, before: ApiObject, options: DeleteOptions): JsonObject => {
  if (call.type.rules.gracePeriod === undefined) return options.asked;
  const { seconds } = termOf(core, call, before, options.gracePeriod);
  return { ...options.asked, gracePeriodSeconds: seconds };
};

/** A graceful deletion is under way, and this one would not shorten it: nobody is asked again. */
const isUnderWay = (core: Core, call: Call, before: ApiObject, options: DeleteOptions): boolean =>
  call.type.rules.gracePeriod !== undefined && marked(core, call, before, options) === before;

/** `reviewedName` is empty for the objects of a deletecollection. */
const removeOne = async (
  core: Core,
  call: Call,
  options: DeleteOptions,
  reviewedName: string,
): Promise<Removed> => {
  for (let round = 0; round < ATTEMPTS; round += 1) {
    const before = stored(core, call);
    checkPreconditions(call, before, options);
    checkNamespace(core, call, before.metadata.name);
    const oldObject = await core.converter.convert(before, call.type);
    if (isUnderWay(core, call, before, options)) return { object: oldObject, gone: false };
    const reviewed = reviewedName === '' ? options.asked : reviewedOptions(core, call, before, options);
    const about = { name: reviewedName, oldObject, options: reviewed };
    await core.admission.review(attributesOf(call, 'DELETE', about));
    if (core.store.get(sectionOf(call.type), keyOf(call.namespace, nameOf(call))) === before) {
      const { object, gone } = commit(core, call, before, options);
      return { object: await core.converter.convert(object, call.type), gone };
    }
  }
  throw modified(call.type, nameOf(call));
};

/** Deletes as a DELETE does, with its preconditions; admission has been asked about something else. */
export const removeUnreviewed = (core: Core, call: Call): void => {
  const options = readDeleteOptions(call);
  const before = stored(core, call);
  checkPreconditions(call, before, options);
  if (!isUnderWay(core, call, before, options)) commit(core, call, before, options);
};

/** A pod on a node only gets a deletionTimestamp: the kubelet deletes it for good with a grace period of 0. */
export const remove = async (core: Core, call: Call): Promise<JsonObject> => {
  const name = nameOf(call);
  const { object, gone } = await removeOne(core, call, readDeleteOptions(call), name);
  if (!gone || call.type.rules.returnsDeleted)
    return represent(call.type, object, call.headers.get('accept'));
  const { group, plural } = call.type;
  return successStatus({ name, ...(group !== '' && { group }), kind: plural, uid: object.metadata.uid });
};

const isGone = (error: unknown): boolean => error instanceof ApiError && error.code === 404;

export const removeCollection = async (core: Core, call: Call): Promise<JsonObject> => {
  if (!call.type.verbs.includes('deletecollection')) throw methodNotAllowed();
  if (call.type.namespaced && call.namespace === undefined) throw methodNotAllowed();
  const options = readDeleteOptions(call);
  const objects = core.store.list(sectionOf(call.type)).filter(inScope(call));
  const removed: ApiObject[] = [];
  for (const { metadata } of objects) {
    const one = { ...call, name: metadata.name };
    try {
      removed.push((await removeOne(core, one, options, '')).object);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  const metadata = { resourceVersion: String(core.store.revision()) };
  return representList(call.type, removed, metadata, call.headers.get('accept'));
};
