/** A cluster in memory: versions, uids, preconditions; records what it was asked, and fails when it is told to. */
import { applyPatch } from 'rfc6902';
import {
  type Cluster,
  ClusterError,
  type ExecResult,
  type ListOptions,
  type ObjectKey,
  type PatchOptions,
  type ServerVersion,
} from '../../shared/io/ports.ts';
import type { KubernetesObject, Pod } from '../../shared/model/kubernetes.ts';
import { PODS, type Resource } from '../../shared/model/resources.ts';

type Json = Record<string, unknown>;

export interface FakeCall {
  verb:
    | 'get'
    | 'list'
    | 'listMetadata'
    | 'create'
    | 'replace'
    | 'patch'
    | 'evict'
    | 'remove'
    | 'exec'
    | 'version';
  /** Plural of the resource, with its subresource after a slash. */
  resource: string;
  name?: string;
  /** The object, the patch, the list options or the command. */
  body?: unknown;
}

/** A write that took effect; `before` is absent for a new object, `after` for one that is gone. */
export interface FakeChange {
  resource: Resource;
  before: KubernetesObject | undefined;
  after: KubernetesObject | undefined;
  /** Through the ports, or by `put` and `drop`: somebody else. */
  by: 'ports' | 'others';
}

export interface FakeCluster extends Cluster {
  calls: FakeCall[];
  /** Calls the listener with every write, at once. */
  onChange(listener: (change: FakeChange) => void): void;
  /** All that is stored of a resource. */
  readAll<T extends KubernetesObject>(resource: Resource): T[];
  /** Calls that change something, as `verb resource`. */
  writes(): string[];
  /** Stores an object as somebody else would: a new version, no preconditions. A uid is given where none is. */
  put<T extends KubernetesObject>(resource: Resource, object: T): T;
  /** What is stored now, or fails. */
  read<T extends KubernetesObject>(resource: Resource, key: ObjectKey): T;
  drop(resource: Resource, key: ObjectKey): void;
  /** Runs before the next call of that verb on that resource takes effect; what it throws is the call's fault. */
  before(verb: FakeCall['verb'], resource: string, action: () => void | Promise<void>): void;
  /** What the API server calls its version; 1.34 until it is set. */
  serverVersion: ServerVersion;
  /** Answers every exec; exit code 0 until it is set. */
  onExec: (container: string, command: string[]) => Promise<ExecResult>;
}

export const clusterError = (code: number, reason: string, message = reason): ClusterError =>
  new ClusterError(code, reason, message);

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of a JSON value, several times faster than structuredClone. */
const copied = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map(copied) as T;
  if (!isJson(value)) return value;
  const copy: Json = {};
  for (const key in value) copy[key] = copied(value[key]);
  return copy as T;
};

/** Containers have a name, conditions a type. */
const mergeKey = (value: unknown): unknown => (isJson(value) ? (value['name'] ?? value['type']) : undefined);
const hasMergeKey = (value: unknown): boolean => typeof mergeKey(value) === 'string';

/** RFC 7386; with `byName` lists of things with a merge key merge by it, as a strategic merge patch does. */
const merge = (target: unknown, patch: unknown, byName: boolean): unknown => {
  if (byName && Array.isArray(patch) && Array.isArray(target) && patch.every(hasMergeKey)) {
    const merged = target.map((item) => {
      const change = patch.find((part) => mergeKey(part) === mergeKey(item));
      return change ? merge(item, change, byName) : item;
    });
    const known = target.map(mergeKey);
    return [...merged, ...patch.filter((part) => !known.includes(mergeKey(part)))];
  }
  if (!isJson(patch)) return patch;
  const result: Json = isJson(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value, byName);
  }
  return result;
};

const jsonPatch = (object: KubernetesObject, operations: unknown): unknown => {
  const copy = copied(object);
  const faults = applyPatch(copy, operations as Parameters<typeof applyPatch>[1]).filter(
    (fault) => fault !== null,
  );
  if (faults.length > 0) throw clusterError(422, 'Invalid', String(faults[0]));
  return copy;
};

/** Ephemeral containers are added, and never changed. */
const checkEphemeral = (old: KubernetesObject, next: KubernetesObject): void => {
  const containersOf = (object: KubernetesObject) => (object as Pod).spec.ephemeralContainers ?? [];
  const kept = containersOf(next).slice(0, containersOf(old).length);
  if (JSON.stringify(kept) !== JSON.stringify(containersOf(old)))
    throw clusterError(422, 'Invalid', 'Forbidden: existing ephemeral containers may not be changed');
};

/** What a patch of this subresource changes of a patched object; Pods keep their status apart. */
const within = (
  old: KubernetesObject,
  patched: KubernetesObject,
  subresource: PatchOptions['subresource'],
): KubernetesObject => {
  const [{ spec, status }, next] = [old as Pod, patched as Pod];
  switch (subresource) {
    case 'status':
      return { ...next, spec } as KubernetesObject;
    case 'ephemeralcontainers': {
      checkEphemeral(old, patched);
      const { ephemeralContainers } = next.spec;
      return { ...old, metadata: next.metadata, spec: { ...spec, ephemeralContainers } } as KubernetesObject;
    }
    default:
      return old.kind === 'Pod' ? ({ ...next, status } as KubernetesObject) : patched;
  }
};

/** `a=b`, `a!=b` and `a==b`, joined by commas, over dotted paths of the object. */
const fieldsMatch = (object: unknown, selector = ''): boolean =>
  selector.split(',').every((term) => {
    const [, path = '', operator, value] = /^([^!=]*)(!=|==?)(.*)$/.exec(term) ?? [];
    const found = path.split('.').reduce<unknown>((at, key) => (isJson(at) ? at[key] : undefined), object);
    return operator === undefined || (String(found ?? '') === value) === (operator !== '!=');
  });

const labelsMatch = ({ metadata }: KubernetesObject, selector = ''): boolean =>
  selector.split(',').every((term) => {
    const [, key = '', value] = /^([^=]*)==?(.*)$/.exec(term) ?? [];
    return term === '' || metadata.labels?.[key] === value;
  });

/** Counts changes of a Pod's spec, where the Pod has a generation. */
const nextGeneration = (old: KubernetesObject, next: KubernetesObject): { generation?: number } => {
  const { generation } = old.metadata;
  const specOf = (object: KubernetesObject): string => JSON.stringify((object as { spec?: unknown }).spec);
  if (generation === undefined || old.kind !== 'Pod') return {};
  return { generation: specOf(old) === specOf(next) ? generation : generation + 1 };
};

export const createFakeCluster = (): FakeCluster => {
  const objects = new Map<string, KubernetesObject>();
  const calls: FakeCall[] = [];
  const hooks: { verb: string; resource: string; action: () => void | Promise<void> }[] = [];
  const listeners: ((change: FakeChange) => void)[] = [];
  let version = 100;
  let uids = 0;

  const idOf = (resource: Resource, { namespace = '', name }: ObjectKey): string =>
    `${resource.plural}/${resource.namespaced ? namespace : ''}/${name}`;

  const told = (change: FakeChange): void => {
    for (const listener of listeners) listener(change);
  };

  const store = <T extends KubernetesObject>(
    resource: Resource,
    object: T,
    by: FakeChange['by'] = 'ports',
  ): T => {
    version += 1;
    const before = objects.get(idOf(resource, object.metadata));
    const uid = object.metadata.uid ?? `uid-${++uids}`;
    const stored = copied({
      ...object,
      metadata: { ...object.metadata, uid, resourceVersion: String(version) },
    });
    objects.set(idOf(resource, object.metadata), stored);
    told({ resource, before, after: stored, by });
    return copied(stored);
  };

  const erase = (resource: Resource, key: ObjectKey, by: FakeChange['by']): void => {
    const before = objects.get(idOf(resource, key));
    objects.delete(idOf(resource, key));
    if (before) told({ resource, before, after: undefined, by });
  };

  const find = (resource: Resource, key: ObjectKey): KubernetesObject => {
    const found = objects.get(idOf(resource, key));
    if (found === undefined)
      throw clusterError(404, 'NotFound', `${resource.plural} "${key.name}" not found`);
    return found;
  };

  const checkVersion = (old: KubernetesObject, wanted: string | undefined): void => {
    if (wanted !== undefined && wanted !== old.metadata.resourceVersion) throw clusterError(409, 'Conflict');
  };

  const update = (resource: Resource, old: KubernetesObject, next: KubernetesObject): KubernetesObject => {
    checkVersion(old, next.metadata.resourceVersion);
    const { uid } = old.metadata;
    if ((next.metadata.uid ?? uid) !== uid) {
      throw clusterError(422, 'Invalid', 'metadata.uid: Invalid value: field is immutable');
    }
    return store(resource, { ...next, metadata: { ...next.metadata, uid, ...nextGeneration(old, next) } });
  };

  const called = async (call: FakeCall): Promise<void> => {
    calls.push(copied(call));
    const index = hooks.findIndex(({ verb, resource }) => verb === call.verb && resource === call.resource);
    const [hook] = index === -1 ? [] : hooks.splice(index, 1);
    await hook?.action();
  };

  const chosen = (resource: Resource, options: ListOptions): KubernetesObject[] =>
    [...objects]
      .flatMap(([id, object]) => (id.startsWith(`${resource.plural}/`) ? [copied(object)] : []))
      .filter(({ metadata }) => !options.namespace || metadata.namespace === options.namespace)
      .filter((object) => labelsMatch(object, options.labelSelector))
      .filter((object) => fieldsMatch(object, options.fieldSelector));

  const fake: FakeCluster = {
    calls,
    writes: () =>
      calls
        .filter(({ verb }) => !['get', 'list', 'listMetadata', 'exec', 'version'].includes(verb))
        .map(({ verb, resource }) => `${verb} ${resource}`),
    onChange: (listener) => void listeners.push(listener),
    readAll: <T extends KubernetesObject>(resource: Resource) => chosen(resource, {}) as T[],
    put: (resource, object) => store(resource, object, 'others'),
    read: <T extends KubernetesObject>(resource: Resource, key: ObjectKey) =>
      copied(find(resource, key)) as T,
    drop: (resource, key) => erase(resource, key, 'others'),
    before: (verb, resource, action) => void hooks.push({ verb, resource, action }),
    serverVersion: { major: 1, minor: 34 },
    onExec: () => Promise.resolve({ exitCode: 0, stdout: '', stderr: '' }),

    async get<T extends KubernetesObject>(resource: Resource, key: ObjectKey) {
      await called({ verb: 'get', resource: resource.plural, name: key.name });
      return copied(objects.get(idOf(resource, key))) as T | undefined;
    },
    async list<T extends KubernetesObject>(
      resource: Resource,
      options: ListOptions = {},
      project: (object: T) => T = (object) => object,
    ) {
      await called({ verb: 'list', resource: resource.plural, body: options });
      return { items: (chosen(resource, options) as T[]).map(project), resourceVersion: String(version) };
    },
    async listMetadata(resource, options = {}) {
      await called({ verb: 'listMetadata', resource: resource.plural, body: options });
      const items = chosen(resource, options).map(({ metadata }) => ({ metadata }));
      return { items, resourceVersion: String(version) };
    },
    async create<T extends KubernetesObject>(resource: Resource, object: T) {
      await called({ verb: 'create', resource: resource.plural, name: object.metadata.name, body: object });
      if (objects.has(idOf(resource, object.metadata))) throw clusterError(409, 'AlreadyExists');
      return store(resource, object);
    },
    async replace<T extends KubernetesObject>(resource: Resource, object: T, subresource?: 'status') {
      const plural = subresource ? `${resource.plural}/status` : resource.plural;
      await called({ verb: 'replace', resource: plural, name: object.metadata.name, body: object });
      const old = find(resource, object.metadata);
      checkVersion(old, object.metadata.resourceVersion);
      const status = (object as { status?: unknown }).status;
      return update(resource, old, subresource ? ({ ...old, status } as KubernetesObject) : object) as T;
    },
    async patch<T extends KubernetesObject>(
      resource: Resource,
      key: ObjectKey,
      patch: unknown,
      options: Parameters<Cluster['patch']>[3],
    ) {
      const plural = options.subresource ? `${resource.plural}/${options.subresource}` : resource.plural;
      await called({ verb: 'patch', resource: plural, name: key.name, body: patch });
      const old = find(resource, key);
      const next =
        options.type === 'json' ? jsonPatch(old, patch) : merge(old, patch, options.type === 'strategic');
      return update(resource, old, within(old, next as KubernetesObject, options.subresource)) as T;
    },
    async evict({ namespace, name, uid, resourceVersion }) {
      await called({ verb: 'evict', resource: 'pods', name });
      const old = find(PODS, { namespace, name });
      if (uid !== old.metadata.uid) throw clusterError(409, 'Conflict');
      checkVersion(old, resourceVersion);
      const deletionTimestamp = '2026-03-01T12:00:30Z';
      store(PODS, { ...old, metadata: { ...old.metadata, deletionTimestamp } });
    },
    async remove(resource, key) {
      await called({ verb: 'remove', resource: resource.plural, name: key.name });
      erase(resource, key, 'ports');
    },
    async version() {
      await called({ verb: 'version', resource: '' });
      return fake.serverVersion;
    },
    async exec(pod, container, command) {
      await called({ verb: 'exec', resource: 'pods', name: `${pod.name}/${container}`, body: command });
      return fake.onExec(container, command);
    },
  };
  return fake;
};
