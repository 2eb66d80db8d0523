/** watch: what exists, then every change in the order of commits. */
import type { Call } from '../call.ts';
import type { Core } from '../core.ts';
import { internal } from '../errors.ts';
import type { Change } from '../history.ts';
import type { JsonObject } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import { represent, representBookmark } from '../representation.ts';
import { sectionOf } from '../resourceType.ts';
import { inScope } from '../scope.ts';
import { failureStatus } from '../status.ts';
import { ApiError, type Watch, type WatchEvent } from '../types.ts';
import { checkReached, checkRemembered, parseVersion } from '../version.ts';
import { checkWatchOptions } from './listOptions.ts';

interface Seen {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: ApiObject;
}

const at = (object: ApiObject, revision: number): ApiObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

/** A change as seen through selectors: an object that stops matching is DELETED, one that starts is ADDED. */
const seen = (change: Change, holds: (object: ApiObject) => boolean): Seen | undefined => {
  const { before, after } = change;
  const held = before !== undefined && holds(before);
  const holdsNow = after !== undefined && holds(after);
  if (holdsNow) return { type: held ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!held) return undefined;
  return { type: 'DELETED', object: after ? at(before, change.revision) : change.object };
};

/** A reader's fault is its own: it is reported on its own stack, and neither the write nor other readers notice. */
const guarded = (onEvent: (event: WatchEvent) => void) => (event: WatchEvent) => {
  try {
    onEvent(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};

interface Sink {
  object(event: Seen): void;
  plain(event: WatchEvent): void;
  stop(): void;
}

/** Objects in the stored version go out at once; if one must be converted, everything after it waits in line. */
const createSink = (core: Core, call: Call, onEvent: (event: WatchEvent) => void): Sink => {
  const accept = call.headers.get('accept');
  let line: Promise<void> | undefined;
  let stopped = false;
  const emit = (event: WatchEvent) => {
    if (!stopped) onEvent(event);
  };
  const send = ({ type, object }: Seen) => emit({ type, object: represent(call.type, object, accept) });
  const fail = (error: unknown) => {
    const refusal = error instanceof ApiError ? error : internal(String(error));
    emit({ type: 'ERROR', object: failureStatus(refusal) });
    stopped = true;
  };
  const queue = (action: () => Promise<void> | void) => {
    line = (line ?? Promise.resolve()).then(() => (stopped ? undefined : action())).catch(fail);
  };
  return {
    object(event) {
      if (!line && !core.converter.isNeeded(event.object, call.type))
        return send({ type: event.type, object: core.converter.asRead(event.object, call.type) });
      queue(async () =>
        send({ type: event.type, object: await core.converter.convert(event.object, call.type) }),
      );
    },
    plain: (event) => (line ? queue(() => emit(event)) : emit(event)),
    stop() {
      stopped = true;
    },
  };
};

const bookmark = (call: Call, revision: number, annotations: JsonObject | undefined): WatchEvent => ({
  type: 'BOOKMARK',
  object: representBookmark(
    call.type,
    { resourceVersion: String(revision), ...(annotations && { annotations }) },
    call.headers.get('accept'),
  ),
});

const isTrue = (call: Call, parameter: string): boolean =>
  ['true', '1'].includes(call.query.get(parameter) ?? '');

/** What exists is sent if no version is given (or 0), unless the caller says otherwise. */
const wantsState = (call: Call, version: number): boolean =>
  call.query.has('sendInitialEvents') ? isTrue(call, 'sendInitialEvents') : version === 0;

/** Sends what exists, and a bookmark after it; returns the revision that it reached. */
const sendState = (core: Core, call: Call, sink: Sink): number => {
  const now = core.store.revision();
  const holds = inScope(call);
  for (const object of core.store.list(sectionOf(call.type)).filter(holds))
    sink.object({ type: 'ADDED', object });
  if (isTrue(call, 'allowWatchBookmarks'))
    sink.plain(bookmark(call, now, { 'k8s.io/initial-events-end': 'true' }));
  return now;
};

/** Sends what exists, or what happened since; returns the revision that it reached. */
const begin = (core: Core, call: Call, send: (change: Change) => void, sink: Sink): number => {
  const { store } = core;
  const version = parseVersion(call.query.get('resourceVersion') || '0');
  if (wantsState(call, version)) {
    checkReached(store, version);
    return sendState(core, call, sink);
  }
  if (version === 0) return store.revision();
  checkRemembered(store, version);
  for (const change of store.changesAfter(version)) send(change);
  return Math.max(version, store.revision());
};

/**
 * The first events come before this returns. Throws 410 if the version is forgotten; after one that is not reached yet
 * only what comes later is sent.
 */
export const watch = (core: Core, call: Call, onEvent: (event: WatchEvent) => void): Watch => {
  checkWatchOptions(call);
  const holds = inScope(call);
  const section = sectionOf(call.type);
  const sink = createSink(core, call, guarded(onEvent));
  const send = (change: Change) => {
    if (change.section !== section) return;
    const event = seen(change, holds);
    if (event) sink.object(event);
  };
  const reached = begin(core, call, send, sink);
  const unsubscribe = core.store.subscribe((change) => {
    if (change.revision > reached) send(change);
  });
  return {
    stop() {
      unsubscribe();
      sink.stop();
    },
  };
};
