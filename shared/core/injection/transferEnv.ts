/** transferEnv: a sidecar gets variables of the Pod's own containers. */
import type { EnvVar, Pod } from '../../model/kubernetes.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';
import { metadataValue } from './fieldPath.ts';

type Transfer = NonNullable<SidecarContainer['transferEnv']>[number];

/** A source by field does not fall back to the source by name where the Pod has no such label or annotation. */
const sourceName = (
  { sourceContainerName, sourceContainerNameFrom }: Transfer,
  pod: Pod,
): string | undefined =>
  sourceContainerNameFrom?.fieldRef
    ? metadataValue(pod, sourceContainerNameFrom.fieldRef.fieldPath)
    : sourceContainerName;

const variableNames = ({ envName, envNames = [] }: Transfer): string[] =>
  [...new Set([...(envName ? [envName] : []), ...envNames])].sort();

/**
 * The variables as they stand in the source container (`valueFrom` too), each entry's sorted by name. What the Pod does
 * not have is left out silently, as in OpenKruise; of a variable that stands there twice the last counts, as for the process.
 *
 * @param pod as it came in: neither init containers nor sidecars are sources
 */
export const transferredEnv = ({ transferEnv = [] }: SidecarContainer, pod: Pod): EnvVar[] =>
  transferEnv.flatMap((transfer) => {
    const source = sourceName(transfer, pod);
    const env = pod.spec.containers.findLast(({ name }) => name === source)?.env ?? [];
    return variableNames(transfer).flatMap((wanted) => env.findLast(({ name }) => name === wanted) ?? []);
  });
