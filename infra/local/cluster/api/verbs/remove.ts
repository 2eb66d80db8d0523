/** delete and deletecollection. */
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
import { type Marked, marked, termOf } from './marked.ts';
import { continueToken, limitOf, startOf } from './page.ts';
import { stored } from './read.ts';

const ATTEMPTS = 5;
const KEPT_NAMESPACES = ['default', 'kube-system'];

/** A failed precondition of a DELETE names the kind where other conflicts name the resource. */
const byKind = ({ type }: Call) => ({ group: type.group, plural: type.kind });

const checkPreconditions = (call: Call, { metadata }: ApiObject, options: DeleteOptions): void => {
  const { uid, resourceVersion } = options;
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      byKind(call),
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). ` +
        'The object might have been deleted and then recreated',
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      byKind(call),
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

const commit = (core: Core, call: Call, before: ApiObject, options: DeleteOptions): Marked => {
  const [section, key] = [sectionOf(call.type), keyOf(before.metadata.namespace, before.metadata.name)];
  const next = marked(core.clock, call.type, before, options);
  if (call.dryRun) return next;
  if (next.gone) {
    core.store.remove(section, key);
    return next;
  }
  return next.object === before ? next : { object: core.store.put(section, key, next.object), gone: false };
};

/** The options as the review shows them: a graceful deletion has its term, asked for or not. */
const reviewedOptions = (core: Core, call: Call, before: ApiObject, options: DeleteOptions): JsonObject => {
  if (call.type.rules.gracePeriod === undefined) return options.asked;
  const { seconds } = termOf(core.clock, call.type, before, options.gracePeriod);
  return { ...options.asked, gracePeriodSeconds: seconds };
};

/** A graceful deletion is under way, and this one would not shorten it: nobody is asked again. */
const isUnderWay = (core: Core, call: Call, before: ApiObject, options: DeleteOptions): boolean => {
  if (call.type.rules.gracePeriod === undefined) return false;
  const { object, gone } = marked(core.clock, call.type, before, options);
  return object === before && !gone;
};

/** `reviewedName` is empty for the objects of a deletecollection. */
const removeOne = async (
  core: Core,
  call: Call,
  options: DeleteOptions,
  reviewedName: string,
): Promise<Marked> => {
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

const removeIfThere = async (core: Core, call: Call, options: DeleteOptions): Promise<void> => {
  try {
    await removeOne(core, call, options, '');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
};

const keyOfObject = ({ metadata }: ApiObject): string => keyOf(metadata.namespace, metadata.name);

/** Answers with the objects as they were before. */
export const removeCollection = async (core: Core, call: Call): Promise<JsonObject> => {
  if (!call.type.verbs.includes('deletecollection')) throw methodNotAllowed();
  if (call.type.namespaced && call.namespace === undefined) throw methodNotAllowed();
  const options = readDeleteOptions(call);
  const position = startOf(core, call);
  const holds = inScope(call);
  const rest = core.store
    .list(sectionOf(call.type), position.revision)
    .filter((object) => keyOfObject(object) > position.after && holds(object));
  const page = rest.slice(0, limitOf(call));
  for (const { metadata } of page) await removeIfThere(core, { ...call, name: metadata.name }, options);
  const last = page.at(-1);
  const metadata: JsonObject = {
    resourceVersion: String(position.revision),
    ...(last &&
      rest.length > page.length && {
        continue: continueToken({ revision: position.revision, after: keyOfObject(last) }),
      }),
  };
  const items = await core.converter.convertAll(page, call.type);
  return representList(call.type, items, metadata, call.headers.get('accept'));
};
