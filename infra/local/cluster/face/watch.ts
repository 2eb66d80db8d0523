/** Watches: one JSON line for each event, for as long as the client reads or until its `timeoutSeconds` are over. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../../shared/model/kubernetes.ts';
import { parsePath } from '../api/path.ts';
import type { ApiResponse, WatchEvent } from '../api/types.ts';
import { negotiate } from './accept.ts';
import { send, sendFault } from './answers.ts';
import { type Backend, type Exchange, isSet, numberOf, queryOf } from './exchange.ts';
import { acceptFor } from './objects.ts';
import { parseIncludeObject, toTable } from './table/table.ts';

type Encode = (event: WatchEvent) => unknown;

const BOOKMARK_MILLISECONDS = 60_000;

/** A timer of Node that is set further ahead than 24.8 days fires at once. */
const LONGEST_SECONDS = 24 * 60 * 60;

/** Column definitions come with the first event only: the columns of a watch never change. */
const tableEncoder = ({ api, clock }: Backend, query: URLSearchParams): Encode => {
  const includeObject = parseIncludeObject(query.get('includeObject'));
  let isFirst = true;
  return ({ type, object }) => {
    if (type === 'ERROR') return { type, object };
    if (type === 'BOOKMARK') {
      const { metadata } = object;
      return { type, object: { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, rows: [] } };
    }
    const options = { resources: api.resources(), includeObject, now: clock.now() };
    const { table } = toTable(object as unknown as KubernetesObject, options);
    const { columnDefinitions, ...rest } = table;
    const encoded = isFirst ? { ...rest, columnDefinitions } : rest;
    isFirst = false;
    return { type, object: encoded };
  };
};

/** The version that the reader has seen, in an object of the reader's kind. */
const bookmarkAfter = ({ object }: WatchEvent): WatchEvent => {
  const { kind, apiVersion, metadata } = object as unknown as KubernetesObject;
  const { resourceVersion } = metadata;
  return {
    type: 'BOOKMARK',
    object: { kind, apiVersion, metadata: { resourceVersion } },
  };
};

const every = (clock: Clock, milliseconds: number, action: () => void): (() => void) => {
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(milliseconds, () => {
      action();
      next();
    });
  };
  next();
  return () => cancel();
};

/** Writes events until the response ends; remembers the last one for bookmarks. */
const createWriter = ({ response }: Exchange, encode: Encode) => {
  let last: WatchEvent | undefined;
  const write = (event: WatchEvent) => {
    try {
      if (!response.writableEnded) response.write(`${JSON.stringify(encode(event))}\n`);
    } catch (fault) {
      sendFault(response, fault);
    }
  };
  return {
    event(event: WatchEvent) {
      if (event.type !== 'ERROR') last = event;
      write(event);
    },
    bookmark() {
      if (last) write(bookmarkAfter(last));
    },
  };
};

const startTimers = ({ clock }: Backend, { response, query }: Exchange, bookmark: () => void) => {
  const seconds = numberOf(query, 'timeoutSeconds');
  const milliseconds = Math.min(seconds ?? 0, LONGEST_SECONDS) * 1000;
  const timers = [
    ...(milliseconds > 0 ? [clock.after(milliseconds, () => response.end())] : []),
    ...(isSet(query, 'allowWatchBookmarks') ? [every(clock, BOOKMARK_MILLISECONDS, bookmark)] : []),
  ];
  return () => {
    for (const cancel of timers) cancel();
  };
};

/** One object can't be watched by its own path: Kubernetes answers such a request with the object. */
export const isWatch = ({ request, path, query }: Exchange): boolean =>
  request.method === 'GET' && isSet(query, 'watch') && parsePath(path)?.name === undefined;

/** A forgotten version is told in the stream, as Kubernetes does: clients read it from an ERROR event. */
const refuse = (response: ServerResponse, refusal: ApiResponse): void => {
  if (refusal.status === 410) response.end(`${JSON.stringify({ type: 'ERROR', object: refusal.body })}\n`);
  else send(response, refusal);
};

/** Sends the refusal in place of a stream if the API core can't start the watch. */
export const streamWatch = (backend: Backend, exchange: Exchange): void => {
  const { request, response, path, query, user } = exchange;
  const representation = negotiate(request.headers.accept);
  const isTable = representation.kind === 'table';
  const writer = createWriter(exchange, isTable ? tableEncoder(backend, query) : (event) => event);
  const cancelTimers = startTimers(backend, exchange, writer.bookmark);

  response.setHeader('content-type', 'application/json');
  response.setHeader('cache-control', 'no-cache, private');
  const watch = backend.api.watch(
    {
      method: 'GET',
      path,
      query: { ...queryOf(query), watch: 'true' },
      headers: { accept: acceptFor(representation) },
      user,
    },
    writer.event,
  );
  response.once('close', () => {
    cancelTimers();
    if ('stop' in watch) watch.stop();
  });
  if ('stop' in watch) response.flushHeaders();
  else refuse(response, watch);
};
