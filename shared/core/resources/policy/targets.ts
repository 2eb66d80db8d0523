import type { Container, Pod } from '../../../model/kubernetes.ts';

/** A container of the Pod that a policy looks at. */
export interface Target {
  container: Container;
  /** Its field in the Pod. */
  field: string;
}

const placed = (containers: Container[] | undefined, list: string): Target[] =>
  (containers ?? []).map((container, index) => ({ container, field: `spec.${list}[${index}]` }));

/**
 * Containers and native sidecars of the Pod as it came, whose names pass the test.
 *
 * @param sidecars names of all containers and init containers of the SidecarSets that are injected now
 */
export const targetsOf = (
  { spec }: Pod,
  isNamed: (name: string) => boolean,
  sidecars: ReadonlySet<string>,
): Target[] =>
  [
    ...placed(spec.initContainers, 'initContainers').filter(
      ({ container }) => container.restartPolicy === 'Always',
    ),
    ...placed(spec.containers, 'containers'),
  ].filter(({ container: { name } }) => !sidecars.has(name) && isNamed(name));
