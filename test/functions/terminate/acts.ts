/** What a run asks the cluster for, in a few words: `term side`, `image side`, `phase Succeeded`. */
import { type Cluster, ClusterError } from '../../../shared/io/ports.ts';
import type { Container } from '../../../shared/model/kubernetes.ts';
import { UNSTARTABLE_IMAGE } from '../../../shared/model/names.ts';

/** By act (`image side`) or by its first word (`image`). */
export type Refusals = Partial<Record<string, ClusterError>>;

/** Part of the command that signals. */
export const TERM = 'kill -TERM 1';

interface Patch {
  spec?: { containers?: Container[]; ephemeralContainers?: { targetContainerName: string }[] };
  status?: { phase: string };
}

const patchActs = ({ spec, status }: Patch): string[] => [
  ...(status ? [`phase ${status.phase}`] : []),
  ...(spec?.ephemeralContainers ?? []).map(({ targetContainerName }) => `killer ${targetContainerName}`),
  ...(spec?.containers ?? []).map(
    ({ name, image }) => `${image === UNSTARTABLE_IMAGE ? 'stop' : 'image'} ${name}`,
  ),
];

/** Writes down what is asked for; what `refusals` names is refused. A lost race is as if it had not been asked for. */
export const watched = (cluster: Cluster, note: (act: string) => void, refusals: Refusals): Cluster => {
  const noted = async <T>(acts: string[], perform: () => Promise<T>): Promise<T> => {
    try {
      const refusal = acts
        .map((act) => refusals[act] ?? refusals[act.split(' ')[0] ?? ''])
        .find((fault) => fault);
      if (refusal) throw refusal;
      const result = await perform();
      acts.forEach(note);
      return result;
    } catch (fault) {
      const code = fault instanceof ClusterError ? fault.code : 'fault';
      if (code !== 409) acts.map((act) => `${act} (${code})`).forEach(note);
      throw fault;
    }
  };
  return {
    ...cluster,
    patch: (resource, key, patch, options) =>
      noted(patchActs(patch as Patch), () => cluster.patch(resource, key, patch, options)),
    create: (resource, object) =>
      noted([`tell ${object.metadata.name.split('.')[1]}`], () => cluster.create(resource, object)),
    exec: (pod, container, command, options) =>
      noted([`${command.includes(TERM) ? 'term' : 'hook'} ${container}`], () =>
        cluster.exec(pod, container, command, options),
      ),
  };
};
