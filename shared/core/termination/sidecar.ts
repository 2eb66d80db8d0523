/** How a container says that it is a sidecar, and how it wants to be ended: OpenKruise's variables, literal values only. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { ENV_IGNORE_EXIT_CODE, ENV_TERMINATE, ENV_TERMINATE_WITH_IMAGE } from '../../model/names.ts';
import { literalEnv, switchedOn } from '../resources/pod.ts';

/** The image that ends the container, '' if it names none. */
export const exitImageOf = (container: Container): string => literalEnv(container, ENV_TERMINATE_WITH_IMAGE);

const endsBySignal = (container: Container): boolean => switchedOn(container, ENV_TERMINATE);

/** Ended after the main containers, and no main container itself. */
export const isSidecar = (container: Container): boolean =>
  endsBySignal(container) || exitImageOf(container) !== '';

/** Its exit code is not to count: the Pod's phase comes from its main containers. */
export const ignoresExitCode = (container: Container): boolean =>
  endsBySignal(container) && switchedOn(container, ENV_IGNORE_EXIT_CODE);

export const mainContainers = ({ spec }: Pod): Container[] =>
  spec.containers.filter((container) => !isSidecar(container));
