import type { Clock, Log } from '../../../../shared/io/ports.ts';
import type { LocalClient } from '../client.ts';
import type { Recorder } from '../controllers/events.ts';
import type { Images } from '../images/images.ts';
import type { Delays } from './delays.ts';
import type { NodeFact } from './facts.ts';
import type { IssueToken, Sources } from './files/volumes.ts';
import type { Groups } from './processes/groups.ts';

/** What every Pod's worker gets from its node. */
export interface Surroundings {
  client: LocalClient;
  clock: Clock;
  log: Log;
  /** Everything that the node writes lies below it. */
  directory: string;
  images: Images;
  groups: Groups;
  sources: (namespace: string) => Sources;
  serviceAccountToken?: IssueToken;
  record: Recorder;
  onFact: (fact: NodeFact) => void;
  /** Sent where a container is asked to end. */
  term: NodeJS.Signals;
  delays: Delays;
  /** From 0 (included) to 1: spreads retries. */
  random: () => number;
}
