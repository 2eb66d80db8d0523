import type { Pod } from '../../shared/model/kubernetes.ts';

/**
 * Ready, and its containers run the images that they are told to, by the Pod's status.
 *
 * @param names the containers that count; all of them if absent
 */
export const isServing = ({ spec, status }: Pod, names?: string[]): boolean => {
  const running = new Map(status?.containerStatuses?.map(({ name, image }) => [name, image]));
  const ready = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
  const counted = spec.containers.filter(({ name }) => names === undefined || names.includes(name));
  return ready === true && counted.every(({ name, image }) => running.get(name) === image);
};
