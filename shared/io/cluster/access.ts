/** Where a cluster is and how we are known to it. */
export interface ClusterAccess {
  /** URL of the API server. */
  endpoint: string;
  /** PEM of the cluster's own authority: trusted for this cluster only, never for the whole process. */
  ca: string;
  /** Bearer token. Never in an error or a log. */
  token: string;
}
