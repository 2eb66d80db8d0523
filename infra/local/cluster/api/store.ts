/** Objects by section and key, one revision for all of them, and a bounded log of changes. */
import { type Change, sectionAt } from './history.ts';
import type { ApiObject } from './objects.ts';

export interface Store {
  revision(): number;
  /** Changes up to this revision are forgotten. */
  horizon(): number;
  get(section: string, key: string): ApiObject | undefined;
  /** In the order of keys, as of a revision at or above the horizon. */
  list(section: string, revision?: number): ApiObject[];
  /** Stores an object, which the store keeps, under the next resourceVersion. */
  put(section: string, key: string, object: ApiObject): ApiObject;
  /** Watchers are shown what was stored, under the removal's own version. */
  remove(section: string, key: string): ApiObject | undefined;
  changesAfter(revision: number): Change[];
  /** Listeners hear every change in order, before the write returns, also one made by a listener. */
  subscribe(listener: (change: Change) => void): () => void;
}

const stamped = (object: ApiObject, revision: number): ApiObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

/** Delivers in order even if a listener writes: the outer call goes on with what was added. */
const createDispatch = () => {
  const listeners = new Set<(change: Change) => void>();
  const waiting: Change[] = [];
  let running = false;
  const drain = () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      for (const listener of [...listeners]) listener(next);
  };
  return {
    listeners,
    send(change: Change) {
      waiting.push(change);
      if (running) return;
      running = true;
      try {
        drain();
      } finally {
        running = false;
      }
    },
  };
};

export const createStore = (historyLimit: number): Store => {
  const sections = new Map<string, Map<string, ApiObject>>();
  const dispatch = createDispatch();
  let log: Change[] = [];
  let revision = 1;
  // As on a server that was started anew, nobody can resume from before the first write.
  let horizon = 2;

  const section = (name: string): Map<string, ApiObject> => {
    const found = sections.get(name) ?? new Map<string, ApiObject>();
    sections.set(name, found);
    return found;
  };

  const record = (change: Change) => {
    log.push(change);
    if (log.length > historyLimit * 2) {
      horizon = log[log.length - historyLimit - 1]?.revision ?? horizon;
      log = log.slice(-historyLimit);
    }
    dispatch.send(change);
  };

  return {
    revision: () => revision,
    horizon: () => horizon,
    get: (name, key) => sections.get(name)?.get(key),
    list(name, at = revision) {
      const objects = sectionAt(sections.get(name), log, { section: name, revision: at });
      return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
    put(name, key, object) {
      revision += 1;
      const after = stamped(object, revision);
      const before = section(name).get(key);
      section(name).set(key, after);
      record({ revision, section: name, key, before, after, object: after });
      return after;
    },
    remove(name, key) {
      const before = section(name).get(key);
      if (!before) return undefined;
      revision += 1;
      section(name).delete(key);
      const object = stamped(before, revision);
      record({ revision, section: name, key, before, after: undefined, object });
      return object;
    },
    changesAfter: (after) => log.filter((change) => change.revision > after),
    subscribe(listener) {
      dispatch.listeners.add(listener);
      return () => dispatch.listeners.delete(listener);
    },
  };
};
