/** One request to the API server and its answer, both as JSON values. Adapters: node:https, the embedded API server. */
export interface TransportRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  /** Lower-case names. */
  headers?: Record<string, string>;
  body?: unknown;
}

export interface TransportResponse {
  status: number;
  body: unknown;
  /** Lower-case names. */
  headers?: Record<string, string | undefined>;
}

/** Rejects with a ClusterError of code 0 when there is no answer. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;
