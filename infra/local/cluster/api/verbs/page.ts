/** `continue` and `limit`: where a page starts and how long it is. */
import type { Call } from '../call.ts';
import type { Core } from '../core.ts';
import { badRequest, expired } from '../errors.ts';
import { isObject, own } from '../json.ts';
import { checkReached, checkRemembered, parseVersion } from '../version.ts';

/** The snapshot's revision and the last key that was sent. */
export interface Position {
  revision: number;
  after: string;
}

const TOKEN_VERSION = 'meta.k8s.io/v1';

/** Opaque to clients. */
export const continueToken = ({ revision, after }: Position): string =>
  Buffer.from(JSON.stringify({ v: TOKEN_VERSION, rv: revision, start: after })).toString('base64url');

const garbled = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);

const decoded = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    throw garbled(error instanceof Error ? error.message : String(error));
  }
};

const parseToken = (text: string): Position => {
  const value = decoded(text);
  const version = isObject(value) ? own(value, 'v') : undefined;
  if (!isObject(value) || version !== TOKEN_VERSION)
    throw garbled(`server does not recognize this encoded version ${version ?? ''}`);
  const [revision, after] = [own(value, 'rv'), own(value, 'start')];
  if (typeof revision !== 'number' || typeof after !== 'string') throw garbled('rv or start is missing');
  return { revision, after };
};

const resumed = (core: Core, call: Call, text: string): Position => {
  if (!['', '0'].includes(call.query.get('resourceVersion') ?? ''))
    throw badRequest('specifying resource version is not allowed when using continue');
  const position = parseToken(text);
  checkReached(core.store, position.revision);
  if (position.revision < core.store.horizon())
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
        'without the continue parameter.',
    );
  return position;
};

/**
 * Reads are always consistent: a given resourceVersion is only a lower bound unless an exact match is asked for. With a
 * limit an exact match is what Kubernetes does for a version other than 0.
 */
export const startOf = (core: Core, call: Call): Position => {
  const next = call.query.get('continue');
  if (next) return resumed(core, call, next);
  const asked = call.query.get('resourceVersion');
  const version = asked ? listVersion(asked) : 0;
  checkReached(core.store, version);
  const match = call.query.get('resourceVersionMatch') || (limitOf(call) ? 'Exact' : 'NotOlderThan');
  if (version === 0 || match !== 'Exact') return { revision: core.store.revision(), after: '' };
  checkRemembered(core.store, version);
  return { revision: version, after: '' };
};

const listVersion = (text: string): number => {
  try {
    return parseVersion(text);
  } catch (error) {
    throw badRequest(`invalid resource version: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** `undefined`: no limit. resourceVersion 0 is served from memory, where Kubernetes ignores it. */
export const limitOf = (call: Call): number | undefined => {
  const text = call.query.get('limit') || '0';
  if (!/^[+-]?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const limit = Number(text);
  return limit > 0 && call.query.get('resourceVersion') !== '0' ? limit : undefined;
};
