/** What happened on the node, for whoever tells people about it (the demo's timeline). Never read by the system itself. */
export interface NodeFact {
  at: Date;
  namespace: string;
  pod: string;
  uid: string;
  container: string;
  what: 'started' | 'signalled' | 'exited' | 'probe-failed' | 'image-changed' | 'waiting';
  /** Human text: `pid 4711, image ...:edge`, `exit code 0 after 3.2 s`. */
  detail: string;
  pid?: number;
  exitCode?: number;
  image?: string;
  /** The signal was for a process 1 that is no container's: the Pod's pause process, or the machine's own. */
  outside?: 'sandbox' | 'host';
}
