/** What the functions' shells need from the outside. Adapters stand beside; tests bring fakes. */
import type { ClusterEvent } from '../model/event.ts';
import type { KubernetesObject, ObjectMeta } from '../model/kubernetes.ts';
import type { Resource } from '../model/resources.ts';

export interface Clock {
  now(): Date;
  /** Runs `action` once after `milliseconds`; the returned function cancels it. */
  after(milliseconds: number, action: () => void): () => void;
}

export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface ObjectKey {
  namespace?: string;
  name: string;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface List<T> {
  items: T[];
  /** The version of the whole list: everything at or below it is in `items`. */
  resourceVersion: string;
}

export interface PatchOptions {
  type: 'json' | 'merge' | 'strategic';
  subresource?: 'status' | 'resize' | 'ephemeralcontainers';
}

/**
 * The Kubernetes API, consistent reads only. Writes carry `?timeout=5s` and the API server's preconditions
 * (`metadata.resourceVersion`, `metadata.uid` in the body). Rejects with a {@link ClusterError} on every answer >= 400.
 */
export interface Cluster {
  /** `undefined` on 404. */
  get<T extends KubernetesObject>(resource: Resource, key: ObjectKey): Promise<T | undefined>;
  /**
   * Follows `continue` to the end, page by page.
   *
   * @param project makes of each object what is kept of it; the rest of a page is dropped before the next one is read
   */
  list<T extends KubernetesObject>(
    resource: Resource,
    options?: ListOptions,
    project?: (object: T) => T,
  ): Promise<List<T>>;
  /** As `list`, but only metadata travels (PartialObjectMetadata). */
  listMetadata(resource: Resource, options?: ListOptions): Promise<List<{ metadata: ObjectMeta }>>;
  create<T extends KubernetesObject>(resource: Resource, object: T): Promise<T>;
  /** PUT; with `subresource: 'status'` only the status changes. Conflicts on another resourceVersion. */
  replace<T extends KubernetesObject>(resource: Resource, object: T, subresource?: 'status'): Promise<T>;
  patch<T extends KubernetesObject>(
    resource: Resource,
    key: ObjectKey,
    patch: unknown,
    options: PatchOptions,
  ): Promise<T>;
  /**
   * Evicts a Pod through the Eviction API, if it is this one in this version. A PodDisruptionBudget that does not let it
   * go is a ClusterError of code 429 with the cause `DisruptionBudget`.
   */
  evict(pod: ObjectMeta): Promise<void>;
  /** Version of the API server. */
  version(): Promise<ServerVersion>;
  /** No error on 404. */
  remove(resource: Resource, key: ObjectKey): Promise<void>;
  /** Runs a command in a container and waits for its end, by default at most 10 s. */
  exec(
    pod: Required<ObjectKey>,
    container: string,
    command: string[],
    options?: { seconds?: number },
  ): Promise<ExecResult>;
}

/** Of Kubernetes: 1.34 is `{major: 1, minor: 34}`. */
export interface ServerVersion {
  major: number;
  minor: number;
}

export interface ExecResult {
  /** The command's exit status; `undefined` when the connection ended before it was known. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/** An answer >= 400 of the API server, or no answer (`code` 0). */
export class ClusterError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;
  /** Reasons of the answer's causes. */
  readonly causes: readonly string[];

  constructor(
    code: number,
    reason: string,
    message: string,
    options?: { retryAfterSeconds?: number; causes?: string[]; cause?: unknown },
  ) {
    super(message, { cause: options?.cause });
    this.name = 'ClusterError';
    this.code = code;
    this.reason = reason;
    this.retryAfterSeconds = options?.retryAfterSeconds;
    this.causes = options?.causes ?? [];
  }
}

/** Another writer was faster, or a precondition (resourceVersion, uid, JSON patch `test`) failed. */
export const isConflict = (fault: unknown): boolean =>
  fault instanceof ClusterError && fault.code === 409 && fault.reason === 'Conflict';

export const isAlreadyExists = (fault: unknown): boolean =>
  fault instanceof ClusterError && fault.code === 409 && fault.reason === 'AlreadyExists';

export const isNotFound = (fault: unknown): boolean => fault instanceof ClusterError && fault.code === 404;

/** The event bus. Rejects if any entry was not taken, after retries. */
export interface Bus {
  publish(events: ClusterEvent[]): Promise<void>;
}

/** The function's own queue: waiting is a message. */
export interface Later {
  /** `seconds` is rounded up to a whole second, 0 to 900. */
  send(event: ClusterEvent, seconds: number): Promise<void>;
}
