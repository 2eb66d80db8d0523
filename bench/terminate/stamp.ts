/** What happened to a Pod and when, by the one clock that all processes of the benchmark share. */

/** In the order in which an end that goes by the book comes by them. */
export type What =
  /** A watch of the API server shows the main container as ended. */
  | 'main-ended'
  /** The gateway has the head of the review that calls for the end. */
  | 'received'
  /** `observe` is called, puts the event on the bus, is answered by the bus. */
  | 'observed'
  | 'put'
  | 'taken'
  /** The message is in the queue (milliseconds), `terminate` is called with it. */
  | 'queued'
  | 'invoked'
  /** It has the Pod, its try is stored; by image and by phase this is the try. Each further read is one that came too early. */
  | 'read'
  | 'recorded'
  /** Its own connection is up, it has become a WebSocket. */
  | 'secured'
  | 'opened'
  /** The node has sent SIGTERM to the sidecar. */
  | 'signalled'
  /** The sidecar's process has ended; a watch shows it, the Pod's last phase, and how the Job ended. */
  | 'exited'
  | 'side-ended'
  | 'pod-ended'
  | 'complete'
  | 'failed'
  | 'created';

export interface Stamp {
  /** Name of the Pod; of the Job in `created`, `complete` and `failed`. */
  name: string;
  what: What;
  /** Milliseconds, see {@link now}. */
  at: number;
  /** The invocation of `terminate`. */
  run?: number;
}

/** Milliseconds of the machine's monotonic clock: the same in every process. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;
