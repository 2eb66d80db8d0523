import { type DefaultStrategy, defaultStrategy } from '../../shared/core/injection/strategy.ts';
import type { Clock, Cluster, Log } from '../../shared/io/ports.ts';
import type { ConfigMap } from '../../shared/model/kubernetes.ts';
import { CONFIG_MAP_OWN, SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import { CONFIG_MAPS } from '../../shared/model/resources.ts';
import type { Strategy } from '../../shared/model/strategy.ts';
import { remembered } from './remembered.ts';

/** Who changes it sees it soon, and few Pods wait for a read. */
const FRESH_MILLISECONDS = 60_000;

export type ReadStrategy = () => Promise<Strategy>;

interface Ports {
  cluster: Pick<Cluster, 'get'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}

const MEMORY = { fresh: FRESH_MILLISECONDS, failure: 'the strategy of the installation could not be read' };
const OWN = { namespace: SYSTEM_NAMESPACE, name: CONFIG_MAP_OWN };

/**
 * Reads the strategy of SidecarSets that do not say it themselves, {@link remembered} for a minute; `compatible` while
 * it was never readable. A word that means nothing is told in the log whenever it is read.
 */
export const createStrategyReader = ({ cluster, ...ports }: Ports): ReadStrategy => {
  const read = async (): Promise<DefaultStrategy> => {
    const found = defaultStrategy(await cluster.get<ConfigMap>(CONFIG_MAPS, OWN));
    if (found.unknown !== undefined)
      ports.log.warn('the strategy of the installation means nothing', { ...found, configMap: OWN.name });
    return found;
  };
  const recall = remembered(read, MEMORY, ports);
  return async () => ((await recall()) ?? defaultStrategy(undefined)).strategy;
};
