import { selectSidecarSets } from '../../shared/core/injection/select.ts';
import { needsRegex } from '../../shared/core/resources/policy/names.ts';
import { namesRevision } from '../../shared/core/revision/restore.ts';
import { listRevisions } from '../../shared/io/cluster/revisions.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ControllerRevision, Namespace, Pod } from '../../shared/model/kubernetes.ts';
import { COMPILES_NOTHING, type CompileRegex } from '../../shared/model/regex.ts';
import { NAMESPACES, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

/** What of the cluster decides about a Pod. */
export interface State {
  sets: SidecarSet[];
  /** Labels of the Pod's Namespace; `undefined` if there is no such object. */
  namespaceLabels: Record<string, string> | undefined;
  /** Of the selecting sets that name a revision. */
  revisions: ControllerRevision[];
  /** Compiles nothing unless one of the selecting sets has a pattern. */
  compileRegex: CompileRegex;
}

/** Reads the state for a Pod in a namespace: on every call for now, so that it is never stale. */
export type ReadState = (pod: Pod, namespace: string) => Promise<State>;

/** @param loadRegex what compiles Go's regular expressions, loaded when the first Pod needs it */
export const readState =
  (cluster: Pick<Cluster, 'get' | 'list'>, loadRegex: () => Promise<CompileRegex>): ReadState =>
  async (pod, name) => {
    const [{ items }, namespace] = await Promise.all([
      cluster.list<SidecarSet>(SIDECARSETS),
      cluster.get<Namespace>(NAMESPACES, { name }),
    ]);
    const namespaceLabels = namespace && (namespace.metadata.labels ?? {});
    const selected = selectSidecarSets(pod, namespaceLabels, items);
    const revisions = (
      await Promise.all(selected.filter(namesRevision).map((set) => listRevisions(cluster, set)))
    ).flat();
    // A revision of a set may have a pattern, too.
    const wantsRegex = revisions.length > 0 || selected.some(needsRegex);
    const compileRegex = wantsRegex ? await loadRegex() : COMPILES_NOTHING;
    return { sets: items, namespaceLabels, revisions, compileRegex };
  };
