/** get and list. */
import { type Call, nameOf } from '../call.ts';
import type { Core } from '../core.ts';
import { notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import { represent, representList } from '../representation.ts';
import { sectionOf } from '../resourceType.ts';
import { hasSelector, inScope } from '../scope.ts';
import { checkReached, parseVersion } from '../version.ts';
import { checkListOptions } from './listOptions.ts';
import { continueToken, limitOf, startOf } from './page.ts';

/** The object that a path names, in the store's version; throws 404. */
export const stored = (core: Core, call: Call): ApiObject => {
  const name = nameOf(call);
  const object = core.store.get(sectionOf(call.type), keyOf(call.namespace, name));
  if (!object) throw notFound(call.type, name);
  return object;
};

export const get = async (core: Core, call: Call): Promise<JsonObject> => {
  const asked = call.query.get('resourceVersion');
  if (asked) checkReached(core.store, parseVersion(asked));
  const object = await core.converter.convert(stored(core, call), call.type);
  return represent(call.type, object, call.headers.get('accept'));
};

const keyOfObject = ({ metadata }: ApiObject): string => keyOf(metadata.namespace, metadata.name);

export const list = async (core: Core, call: Call): Promise<JsonObject> => {
  checkListOptions(call);
  const position = startOf(core, call);
  const limit = limitOf(call);
  const holds = inScope(call);
  const rest = core.store
    .list(sectionOf(call.type), position.revision)
    .filter((object) => keyOfObject(object) > position.after && holds(object));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const metadata: JsonObject = { resourceVersion: String(position.revision) };
  if (rest.length > page.length && last) {
    metadata['continue'] = continueToken({ revision: position.revision, after: keyOfObject(last) });
    if (!hasSelector(call)) metadata['remainingItemCount'] = rest.length - page.length;
  }
  const items = await core.converter.convertAll(page, call.type);
  return representList(call.type, items, metadata, call.headers.get('accept'));
};
