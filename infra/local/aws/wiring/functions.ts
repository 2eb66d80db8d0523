/** The functions of serverless.yml: how each is called, and with what. */
import { dirname, join, resolve } from 'node:path';
import type { Cursor } from './cursor.ts';
import { resolveText, type Template } from './intrinsics.ts';
import { ENDPOINT_UNKNOWN } from './resources.ts';
import type { FunctionWiring, QueueSource, Route, Schedule } from './types.ts';

export interface FunctionContext {
  /** Path of serverless.yml; handlers are relative to its folder. */
  file: string;
  prefix: string;
  provider: Cursor;
  /** What intrinsic functions refer to, once the endpoint is known. */
  template(endpointUrl: string): Template;
}

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const route = (event: Cursor): Route => {
  if (typeof event.value !== 'string') event.only('method', 'path');
  const [method, path] =
    typeof event.value === 'string'
      ? event.value.split(' ')
      : [event.get('method').text(), event.get('path').text()];
  if (!method || !path?.startsWith('/') || path.includes('+}') || !/^[A-Za-z]+$/.test(method)) {
    return event.refuse('must be a method and a path without a greedy parameter');
  }
  return { method: method.toUpperCase(), path };
};

const queueSource = (event: Cursor, known: Template): QueueSource[] => {
  event.only('arn', 'batchSize', 'enabled', 'functionResponseType', 'maximumConcurrency');
  event.get('enabled').oneOf([undefined, true, false]);
  event.get('functionResponseType').oneOf([undefined, 'ReportBatchItemFailures']);
  const batchSize = event.get('batchSize').number(10);
  if (batchSize > 10)
    event.get('batchSize').refuse('more than 10 needs a batching window, which is not supported here');
  const source: QueueSource = {
    queueArn: resolveText(event.get('arn'), known),
    batchSize,
    maximumConcurrency: event.get('maximumConcurrency').number(1000),
    partialAnswers: !event.get('functionResponseType').isAbsent,
  };
  return event.get('enabled').value === false ? [] : [source];
};

const everyMilliseconds = (rate: Cursor): number => {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(rate.text()) ?? [];
  return (
    Number(count) * (UNITS[unit] ?? rate.refuse(`${rate.value} is not supported here: only rate(...) is`))
  );
};

const schedules = (event: Cursor): Schedule[] => {
  event.only('method', 'rate', 'input', 'name', 'description');
  event.get('method').oneOf(['scheduler']);
  const input = event.get('input').fields();
  return event
    .get('rate')
    .items()
    .map((rate) => ({ everyMilliseconds: everyMilliseconds(rate), input }));
};

interface Events {
  routes: Route[];
  queueSources: QueueSource[];
  schedules: Schedule[];
}

const eventsOf = (events: Cursor, known: Template): Events => {
  const found: Events = { routes: [], queueSources: [], schedules: [] };
  for (const event of events.items()) {
    event.only('httpApi', 'sqs', 'schedule');
    const { httpApi, sqs, schedule } = event.fields();
    if (httpApi !== undefined) found.routes.push(route(event.get('httpApi')));
    if (sqs !== undefined) found.queueSources.push(...queueSource(event.get('sqs'), known));
    if (schedule !== undefined) found.schedules.push(...schedules(event.get('schedule')));
  }
  return found;
};

const handlerOf = (handler: Cursor, file: string): FunctionWiring['handler'] => {
  const text = handler.text();
  const dot = text.lastIndexOf('.');
  if (dot < 1) return handler.refuse('must be <module>.<exported name>');
  return { module: join(dirname(resolve(file)), text.slice(0, dot)), exported: text.slice(dot + 1) };
};

const texts = (values: Cursor, known: Template): Record<string, string> =>
  Object.fromEntries(values.entries().map(([name, value]) => [name, resolveText(value, known)]));

/** @throws {WiringError} for every setting that changes how a function is called and is not played here */
export const functionWiring = (name: string, cursor: Cursor, context: FunctionContext): FunctionWiring => {
  cursor.only(
    'handler',
    'timeout',
    'memorySize',
    'environment',
    'events',
    'recursiveLoop',
    ...['name', 'description', 'runtime', 'architecture', 'role', 'package', 'tags'],
    ...['reservedConcurrency', 'logRetentionInDays'],
  );
  const { provider } = context;
  const environment = (endpointUrl: string) => {
    const known = context.template(endpointUrl);
    return { ...texts(provider.get('environment'), known), ...texts(cursor.get('environment'), known) };
  };
  environment(ENDPOINT_UNKNOWN);
  const ownName = cursor.get('name');
  return {
    name,
    functionName: ownName.isAbsent ? `${context.prefix}-${name}` : ownName.text(),
    handler: handlerOf(cursor.get('handler'), context.file),
    timeoutSeconds: cursor.get('timeout').number(provider.get('timeout').number(6)),
    memoryMegabytes: cursor.get('memorySize').number(provider.get('memorySize').number(1024)),
    environment,
    ...eventsOf(cursor.get('events'), context.template(ENDPOINT_UNKNOWN)),
  };
};
