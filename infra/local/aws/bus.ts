/** EventBridge: takes entries, makes envelopes, hands them to the queues of the rules that match. */

import { randomUUID } from 'node:crypto';
import type { Clock, Log } from '../../../shared/io/ports.ts';
import { isRecord } from '../../../shared/model/json.ts';
import { wholeSeconds } from '../../../shared/model/time.ts';
import { compilePattern } from './pattern.ts';
import type { Queues } from './queues.ts';
import type { RuleTarget, RuleWiring, Wiring } from './wiring/types.ts';

/** The answer for one entry of PutEvents. */
export type EntryAnswer = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

export interface EventBus {
  /** Each entry is taken or refused on its own; an event is in its queues before this returns. */
  put(entries: unknown[]): EntryAnswer[];
}

interface Entry {
  busName: string;
  source: string;
  detailType: string;
  detail: Record<string, unknown>;
  time: Date | undefined;
  resources: string[];
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const invalid = (name: string): EntryAnswer => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** The bus may be named by its ARN. */
const busNameOf = (value: unknown): string =>
  typeof value === 'string' ? (value.split('/').at(-1) ?? value) : 'default';

const parseEntry = (value: unknown): Entry | EntryAnswer => {
  const entry = isRecord(value) ? value : {};
  const { Source: source, DetailType: detailType, Detail, EventBusName, Time, Resources } = entry;
  if (typeof source !== 'string' || source === '') return invalid('Source');
  if (typeof detailType !== 'string' || detailType === '') return invalid('DetailType');
  if (typeof Detail !== 'string' || Detail === '') return invalid('Detail');
  const detail = parseJson(Detail);
  if (!isRecord(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    busName: busNameOf(EventBusName),
    source,
    detailType,
    detail,
    time: typeof Time === 'number' ? new Date(Time * 1000) : undefined,
    resources: Array.isArray(Resources) ? Resources.map(String) : [],
  };
};

export interface EventBusOptions {
  wiring: Wiring;
  queues: Queues;
  clock: Clock;
  log: Log;
}

/** @throws {PatternError} if a rule has a pattern that can't be played here */
export const createEventBus = ({ wiring, queues, clock, log }: EventBusOptions): EventBus => {
  const rules = wiring.rules.map((rule) => ({ rule, matches: compilePattern(rule.pattern) }));

  const envelope = (id: string, entry: Entry): Record<string, unknown> => ({
    version: '0',
    id,
    'detail-type': entry.detailType,
    source: entry.source,
    account: wiring.accountId,
    time: wholeSeconds(entry.time ?? clock.now()),
    region: wiring.region,
    resources: entry.resources,
    detail: entry.detail,
  });

  const undelivered = (rule: RuleWiring, target: RuleTarget, body: string, fault: unknown): void => {
    const message = fault instanceof Error ? fault.message : String(fault);
    log.error('a rule could not deliver an event', { rule: rule.name, target: target.id, fault: message });
    if (target.deadLetterArn === undefined) return;
    const attributes = { RULE_ARN: rule.arn, TARGET_ARN: target.queueArn, ERROR_MESSAGE: message };
    try {
      queues.byArn(target.deadLetterArn).send(body, { attributes });
    } catch {
      log.error('the event is too large for the dead letters too', { rule: rule.name, target: target.id });
    }
  };

  const deliver = (rule: RuleWiring, body: string): void => {
    for (const target of rule.targets) {
      try {
        queues.byArn(target.queueArn).send(body);
      } catch (fault) {
        undelivered(rule, target, body, fault);
      }
    }
  };

  const take = (value: unknown): EntryAnswer => {
    const entry = parseEntry(value);
    if (!('busName' in entry)) return entry;
    if (!wiring.buses.some((bus) => bus.name === entry.busName)) {
      return { ErrorCode: 'InvalidArgument', ErrorMessage: `There is no event bus ${entry.busName} here.` };
    }
    const id = randomUUID();
    const event = envelope(id, entry);
    const body = JSON.stringify(event);
    for (const { rule, matches } of rules) {
      if (rule.busName === entry.busName && matches(event)) deliver(rule, body);
    }
    return { EventId: id };
  };

  return { put: (entries) => entries.map(take) };
};
