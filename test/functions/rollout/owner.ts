/** A ReplicaSet or a StatefulSet that makes another Pod where one is deleted. */
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import { isAlive, REPLACES } from './ledger.ts';
import type { Setting } from './setting.ts';
import { injectedPod } from './webPods.ts';

/** At once and under a new name, or once the old one is gone and under its name. */
export type OwnerKind = 'ReplicaSet' | 'StatefulSet';

export interface Owner {
  /** Every change of a Pod. */
  sees(before: Pod | undefined, after: Pod | undefined): void;
  /** The Pod of that uid was scaled away. */
  leaves(uid: string | undefined): void;
  /** Makes one Pod; `false` if none is missing. */
  acts(): boolean;
}

export const createOwner = ({ cluster, set }: Setting, kind: OwnerKind | undefined): Owner => {
  const missing: Pod[] = [];
  const left = new Set<string | undefined>();
  let names = 100;
  return {
    sees(before, after) {
      if (before === undefined || left.has(before.metadata.uid)) return;
      const isBeingDeleted = isAlive(before) && after !== undefined && !isAlive(after);
      if (kind === 'ReplicaSet' ? isBeingDeleted : after === undefined) missing.push(before);
    },
    leaves: (uid) => void left.add(uid),
    acts() {
      const pod = kind && missing.pop();
      if (!pod) return false;
      const name = kind === 'StatefulSet' ? pod.metadata.name : `web-${++names}`;
      cluster.put(PODS, injectedPod(set(), name, { [REPLACES]: pod.metadata.uid ?? '' }));
      return true;
    },
  };
};
