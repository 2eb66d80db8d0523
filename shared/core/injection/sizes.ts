/** resourcesPolicy: the resources of a sidecar follow from those of the Pod's own containers. */
import type { Pod, StatusCause } from '../../model/kubernetes.ts';
import type { CompileRegex } from '../../model/regex.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import { targetNames } from '../resources/policy/names.ts';
import { resourcesOf } from '../resources/policy/resources.ts';
import { targetsOf } from '../resources/policy/targets.ts';
import { invalid } from '../validation/cause.ts';

interface Sizing {
  /** As it came in. */
  pod: Pod;
  /** Names of all sidecars that are injected now: they are no targets. */
  sidecars: ReadonlySet<string>;
  compile: CompileRegex;
}

const namesOf = (sets: SidecarSet[]): Set<string> =>
  new Set(
    sets.flatMap(({ spec }) =>
      [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ name }) => name),
    ),
  );

const sizedContainer = (
  sidecar: SidecarContainer,
  { pod, sidecars, compile }: Sizing,
  field: string,
): SidecarContainer | StatusCause[] => {
  const policy = sidecar.resourcesPolicy;
  if (policy === undefined) return sidecar;
  const at = `${field}.resourcesPolicy`;
  const isNamed = targetNames(sidecar, compile);
  if (isNamed === undefined) return [invalid(`${at}.targetContainersNameRegex`, 'does not compile')];
  const result = resourcesOf(policy, targetsOf(pod, isNamed, sidecars), at);
  return result.kind === 'refused' ? result.causes : { ...sidecar, resources: result.resources };
};

const sizedSet = (set: SidecarSet, sizing: Sizing): SidecarSet | StatusCause[] => {
  const causes: StatusCause[] = [];
  const sized = (list: 'initContainers' | 'containers'): SidecarContainer[] | undefined =>
    set.spec[list]?.map((sidecar, index) => {
      const result = sizedContainer(
        sidecar,
        sizing,
        `SidecarSet ${set.metadata.name}: spec.${list}[${index}]`,
      );
      if (!Array.isArray(result)) return result;
      causes.push(...result);
      return sidecar;
    });
  const [initContainers, containers] = [sized('initContainers'), sized('containers')];
  if (causes.length > 0) return causes;
  const spec = { ...set.spec, ...(initContainers && { initContainers }), ...(containers && { containers }) };
  return { ...set, spec };
};

/**
 * The sets with the resources of their sidecars worked out, or why a policy gives none for this Pod.
 *
 * @param all the SidecarSets that are injected into the Pod, these among them
 */
export const withSizes = (
  sets: SidecarSet[],
  all: SidecarSet[],
  pod: Pod,
  compile: CompileRegex,
): { kind: 'sized'; sets: SidecarSet[] } | { kind: 'refused'; causes: StatusCause[] } => {
  const sizing = { pod, sidecars: namesOf(all), compile };
  const results = sets.map((set) => sizedSet(set, sizing));
  const causes = results.flatMap((result) => (Array.isArray(result) ? result : []));
  if (causes.length > 0) return { kind: 'refused', causes };
  return { kind: 'sized', sets: results.flatMap((result) => (Array.isArray(result) ? [] : [result])) };
};
