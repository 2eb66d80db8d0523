import {
  type Call,
  type ClusterEvent,
  EVENT_DETAIL_TYPE,
  EVENT_SOURCE,
  EVENT_VERSION,
  type ObjectRef,
} from '../model/event.ts';
import { ContractError, count, json, list, object, oneOf, optionalText, text } from './parse.ts';

const CALLS: readonly Call[] = ['launch', 'terminate', 'rollout'];
const KINDS: readonly ObjectRef['kind'][] = ['Pod', 'SidecarSet'];

const parseRef = (value: unknown, field: string): ObjectRef => {
  const ref = object(value, field);
  const kind = oneOf(ref['kind'], KINDS, `${field}.kind`);
  const namespace = optionalText(ref['namespace'], `${field}.namespace`);
  if (kind === 'Pod' && namespace === undefined) {
    throw new ContractError(`${field}.namespace`, 'must be there: a Pod has a namespace');
  }
  return {
    kind,
    namespace,
    name: text(ref['name'], `${field}.name`),
    uid: optionalText(ref['uid'], `${field}.uid`),
  };
};

const parseMoment = (value: unknown, field: string): string => {
  const moment = text(value, field);
  if (Number.isNaN(Date.parse(moment))) throw new ContractError(field, 'must be an RFC 3339 time');
  return moment;
};

const parseEvent = (value: unknown): ClusterEvent => {
  const detail = object(value, 'detail');
  if (detail['v'] !== EVENT_VERSION) {
    throw new ContractError('detail.v', `must be ${EVENT_VERSION}`, 'EventVersionUnknown');
  }
  return {
    v: EVENT_VERSION,
    cluster: text(detail['cluster'], 'detail.cluster'),
    ref: parseRef(detail['ref'], 'detail.ref'),
    sets: list(detail['sets'], 'detail.sets', text),
    resourceVersion: optionalText(detail['resourceVersion'], 'detail.resourceVersion'),
    listed: optionalText(detail['listed'], 'detail.listed'),
    calls: list(detail['calls'], 'detail.calls', (call, field) => oneOf(call, CALLS, field)),
    hops: count(detail['hops'], 'detail.hops'),
    looks: count(detail['looks'], 'detail.looks'),
    at: parseMoment(detail['at'], 'detail.at'),
  };
};

/**
 * The body of a queue message: the envelope that EventBridge puts around an event, or the one that `io/later` sends.
 *
 * @throws {ContractError} naming the field; code `EventVersionUnknown` for another `v`
 */
export const parseEnvelope = (body: string): ClusterEvent => {
  const envelope = object(json(body, 'body'), 'body');
  oneOf(envelope['source'], [EVENT_SOURCE], 'source');
  oneOf(envelope['detail-type'], [EVENT_DETAIL_TYPE], 'detail-type');
  return parseEvent(envelope['detail']);
};
