import { type Platform, wantsNative } from '../../shared/core/injection/native.ts';
import { selectSidecarSets } from '../../shared/core/injection/select.ts';
import { needsRegex } from '../../shared/core/resources/policy/names.ts';
import { namesRevision } from '../../shared/core/revision/restore.ts';
import { listRevisions } from '../../shared/io/cluster/revisions.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ControllerRevision, Namespace, Pod } from '../../shared/model/kubernetes.ts';
import { COMPILES_NOTHING, type CompileRegex } from '../../shared/model/regex.ts';
import { NAMESPACES, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { ReadStrategy } from './defaultStrategy.ts';
import type { ReadVersion } from './serverVersion.ts';

/** What of the cluster decides about a Pod. */
export interface State {
  sets: SidecarSet[];
  /** Labels of the Pod's Namespace; `undefined` if there is no such object. */
  namespaceLabels: Record<string, string> | undefined;
  /** Of the selecting sets that name a revision. */
  revisions: ControllerRevision[];
  /** Compiles nothing unless one of the selecting sets has a pattern. */
  compileRegex: CompileRegex;
  /** With the API server's version if one of the selecting sets asks for native sidecars. */
  platform?: Platform;
}

export interface Installation {
  readStrategy: ReadStrategy;
  readVersion: ReadVersion;
}

/** Reads the state for a Pod in a namespace: SidecarSets, Namespace and revisions on every call, never stale. */
export type ReadState = (pod: Pod, namespace: string) => Promise<State>;

/** @param loadRegex what compiles Go's regular expressions, loaded when the first Pod needs it */
export const readState =
  (
    cluster: Pick<Cluster, 'get' | 'list'>,
    loadRegex: () => Promise<CompileRegex>,
    { readStrategy, readVersion }: Installation,
  ): ReadState =>
  async (pod, name) => {
    const [{ items }, namespace, strategy] = await Promise.all([
      cluster.list<SidecarSet>(SIDECARSETS),
      cluster.get<Namespace>(NAMESPACES, { name }),
      readStrategy(),
    ]);
    const namespaceLabels = namespace && (namespace.metadata.labels ?? {});
    const selected = selectSidecarSets(pod, namespaceLabels, items);
    const [found, serverVersion] = await Promise.all([
      Promise.all(selected.filter(namesRevision).map((set) => listRevisions(cluster, set))),
      wantsNative(selected, strategy) ? readVersion() : undefined,
    ]);
    const revisions = found.flat();
    // A revision of a set may have a pattern, too.
    const wantsRegex = revisions.length > 0 || selected.some(needsRegex);
    const compileRegex = wantsRegex ? await loadRegex() : COMPILES_NOTHING;
    return { sets: items, namespaceLabels, revisions, compileRegex, platform: { strategy, serverVersion } };
  };
