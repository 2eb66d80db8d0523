import type { Container } from '../../model/kubernetes.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';

export interface Placed {
  container: Container;
  position: NonNullable<SidecarContainer['podInjectPolicy']>;
}

/**
 * The Pod's containers with the injected ones before or after them, each group in its order. One of the same name as
 * a container of the Pod takes its place.
 */
export const mergeContainers = (own: Container[], injected: Placed[]): Container[] => {
  const names = new Set(own.map(({ name }) => name));
  const added = (position: Placed['position']): Container[] =>
    injected
      .filter((placed) => placed.position === position && !names.has(placed.container.name))
      .map(({ container }) => container);
  const replaced = own.map(
    (container) =>
      injected.find((placed) => placed.container.name === container.name)?.container ?? container,
  );
  return [...added('BeforeAppContainer'), ...replaced, ...added('AfterAppContainer')];
};
