import type { Clock, Cluster, Log, ServerVersion } from '../../shared/io/ports.ts';
import { remembered } from './remembered.ts';

/** An API server that is upgraded is not another one at once. */
const FRESH_MILLISECONDS = 10 * 60_000;

export type ReadVersion = () => Promise<ServerVersion | undefined>;

interface Ports {
  cluster: Pick<Cluster, 'version'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}

/** Reads the API server's version, {@link remembered} for some minutes; `undefined` while it was never readable. */
export const createVersionReader = ({ cluster, ...ports }: Ports): ReadVersion =>
  remembered(
    () => cluster.version(),
    { fresh: FRESH_MILLISECONDS, failure: 'the version of the API server could not be read' },
    ports,
  );
