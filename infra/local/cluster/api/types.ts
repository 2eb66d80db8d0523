/** The embedded API server as seen by everything around it. One language: method, path, query, body. */

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path without the query, e.g. `/api/v1/namespaces/default/pods/web`. */
  path: string;
  query?: Record<string, string>;
  /** Lower-case names. `accept` chooses Table or PartialObjectMetadata, `content-type` the patch type. */
  headers?: Record<string, string>;
  /** Parsed JSON. Never mutated, never kept by reference. */
  body?: unknown;
  /** Absent: the server itself. */
  user?: User;
}

export interface User {
  username: string;
  groups: string[];
}

export interface ApiResponse {
  status: number;
  /** JSON value, the caller's own copy. A string is sent as `text/plain` (logs). */
  body: unknown;
  /** Sent as `Warning: 299` headers. */
  warnings?: string[];
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: Record<string, unknown>;
}

export interface Watch {
  stop(): void;
}

/** A resource as discovery, tables and the OpenAPI document need it. One entry for each served version. */
export interface RegisteredResource {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  categories: string[];
  verbs: string[];
  /** `status`, `log`, `exec` ... */
  subresources: string[];
  /** Only on custom resources: `openAPIV3Schema` of that version. Shared: not to be changed. */
  schema?: Record<string, unknown>;
  /** Only on a deprecated version: the warning that goes with every answer. */
  deprecation?: string;
  /** Only on custom resources: `additionalPrinterColumns` of that version. */
  printerColumns?: {
    name: string;
    type: string;
    jsonPath: string;
    description?: string;
    priority?: number;
  }[];
}

export interface AccessedResource {
  group: string;
  plural: string;
  subresource?: string;
  /** Absent: cluster-scoped, or all namespaces. */
  namespace?: string;
  /** Absent: a collection, or not known yet. */
  name?: string;
}

/** What a user wants to do. */
export interface Access {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, `impersonate` ... */
  verb: string;
  /** Absent: the path is no resource's. */
  resource?: AccessedResource;
  path: string;
}

export interface ApiServer {
  /** What is served now, custom resources included. */
  resources(): RegisteredResource[];
  handle(request: ApiRequest): Promise<ApiResponse>;
  /**
   * A GET of a collection with `watch=true` in its query (also `resourceVersion`, `labelSelector`, `fieldSelector`,
   * `allowWatchBookmarks`, `sendInitialEvents`). Events come in order, each before the write's own answer returns.
   * Answers instead with an ApiResponse if the watch can't start (410 Expired, 404 ...).
   */
  watch(request: ApiRequest, onEvent: (event: WatchEvent) => void): Watch | ApiResponse;
  /** Throws an ApiError 403 if the user may not. What comes through `handle` and `watch` is asked already. */
  authorize(user: User, access: Access): void;
  /**
   * Asks for a request that streams, which somebody else serves (GET or POST of `pods/exec`, `pods/log`): whether the
   * user may, and whether admission lets it pass. Rejects with an ApiError.
   *
   * @param options what exec was asked for (`PodExecOptions`); absent where there is no admission
   */
  connect(request: ApiRequest, options?: Record<string, unknown>): Promise<void>;
}

/**
 * Calls an admission or conversion webhook: POST of JSON to `url` with `?timeout=<timeoutSeconds>s`.
 * Rejects when there is no answer in time.
 */
export type WebhookCaller = (request: {
  url: string;
  /** Base64 of PEM. */
  caBundle?: string;
  body: unknown;
  timeoutSeconds: number;
}) => Promise<{ status: number; body: unknown }>;

/** What the API server asks of a node: the kubelet's own endpoint. */
export interface KubeletEndpoint {
  /** Rejects with an ApiError (404, 400) if there is no such container or it has no log yet. */
  logs(pod: PodKey, container: string, options: LogOptions): AsyncIterable<string>;
  /** Rejects with an ApiError; a command that ran and failed is a result. */
  exec(pod: PodKey, container: string, command: string[]): Promise<ExecOutput>;
}

export interface PodKey {
  namespace: string;
  name: string;
  uid: string;
}

export interface LogOptions {
  follow: boolean;
  previous: boolean;
  tailLines?: number;
  /** Aborted when the reader is gone. */
  signal?: AbortSignal;
}

export interface ExecOutput {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A refusal of the embedded API server, answered as `kind: Status`. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: number, reason: string, message: string, details?: Record<string, unknown>) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}
