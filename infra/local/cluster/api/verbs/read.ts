/** get and list. */
import { type Call, nameOf } from '../call.ts';
import type { Core } from '../core.ts';
import { badRequest, expired, notFound } from '../errors.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import { represent, representList } from '../representation.ts';
import { sectionOf } from '../resourceType.ts';
import { hasSelector, inScope } from '../scope.ts';
import { checkReached, checkRemembered, parseVersion } from '../version.ts';

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
  return represent(object, call.headers.get('accept'));
};

/** Where a page starts: the snapshot's revision and the last key that was sent. */
interface Position {
  revision: number;
  after: string;
}

const token = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

const parseToken = (text: string): Position => {
  const bad = badRequest('continue key is not valid');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw bad;
  }
  if (!isObject(value)) throw bad;
  const [revision, after] = [own(value, 'revision'), own(value, 'after')];
  if (typeof revision !== 'number' || typeof after !== 'string') throw bad;
  return { revision, after };
};

const resumed = (core: Core, text: string): Position => {
  const position = parseToken(text);
  if (position.revision < core.store.horizon())
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
        'without the continue parameter.',
    );
  return position;
};

const exactRevision = (core: Core, call: Call): number => {
  const version = parseVersion(call.query.get('resourceVersion') ?? '');
  checkReached(core.store, version);
  checkRemembered(core.store, version);
  return version;
};

/** Reads are always consistent: a given resourceVersion is only a lower bound unless an exact match is asked for. */
const start = (core: Core, call: Call): Position => {
  const next = call.query.get('continue');
  if (next) return resumed(core, next);
  const asked = call.query.get('resourceVersion');
  if (call.query.get('resourceVersionMatch') === 'Exact')
    return { revision: exactRevision(core, call), after: '' };
  if (asked) checkReached(core.store, parseVersion(asked));
  return { revision: core.store.revision(), after: '' };
};

const limitOf = (call: Call): number => {
  const limit = Number(call.query.get('limit') ?? 0);
  if (!Number.isInteger(limit) || limit < 0) throw badRequest('limit must be a whole number, 0 or more');
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
};

const keyOfObject = ({ metadata }: ApiObject): string => keyOf(metadata.namespace, metadata.name);

export const list = async (core: Core, call: Call): Promise<JsonObject> => {
  const position = start(core, call);
  const limit = limitOf(call);
  const holds = inScope(call);
  const rest = core.store
    .list(sectionOf(call.type), position.revision)
    .filter((object) => keyOfObject(object) > position.after && holds(object));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const metadata: JsonObject = { resourceVersion: String(position.revision) };
  if (rest.length > page.length && last) {
    metadata['continue'] = token({ revision: position.revision, after: keyOfObject(last) });
    if (!hasSelector(call)) metadata['remainingItemCount'] = rest.length - page.length;
  }
  const items = await core.converter.convertAll(page, call.type);
  return representList(call.type, items, metadata, call.headers.get('accept'));
};
