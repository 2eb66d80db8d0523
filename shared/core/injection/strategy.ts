/** Which strategy a SidecarSet's plain containers are injected by. */
import type { ConfigMap } from '../../model/kubernetes.ts';
import { ANNOTATION_STRATEGY, KEY_STRATEGY } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { isStrategy, STRATEGIES, type Strategy } from '../../model/strategy.ts';

const wordOf = ({ metadata }: SidecarSet): string | undefined => metadata.annotations?.[ANNOTATION_STRATEGY];

/** The annotation has a word that means nothing; only a write past our webhook can leave one. */
export const isStrategyUnknown = (set: SidecarSet): boolean =>
  wordOf(set) !== undefined && !isStrategy(wordOf(set));

/** `unknown`: a word that stands in the ConfigMap and means nothing. */
export interface DefaultStrategy {
  strategy: Strategy;
  unknown?: string;
}

/**
 * The installation's strategy, for sets that do not say it themselves: `compatible` if the ConfigMap does not say it
 * either.
 *
 * @param map the installation's own; `undefined` if there is none
 */
export const defaultStrategy = (map: ConfigMap | undefined): DefaultStrategy => {
  const word = map?.data?.[KEY_STRATEGY];
  if (isStrategy(word)) return { strategy: word };
  return { strategy: 'compatible', ...(word !== undefined && { unknown: word }) };
};

/** @param byDefault the installation's, for sets that do not say it; a word that means nothing says nothing */
export const strategyOf = (set: SidecarSet, byDefault: Strategy): Strategy => {
  const word = wordOf(set);
  return isStrategy(word) ? word : byDefault;
};

/** What the author of a set's Pods should know of its annotation. */
export const strategyWarnings = (sets: SidecarSet[], byDefault: Strategy): string[] =>
  sets
    .filter(isStrategyUnknown)
    .map(
      ({ metadata }) =>
        `SidecarSet ${metadata.name}: its annotation ${ANNOTATION_STRATEGY} is none of ${STRATEGIES.join(', ')}; ` +
        `${byDefault} is taken`,
    );
