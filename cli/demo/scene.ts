/** What both parts of the play work with. */
import { SIDECARSETS } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';
import type { Manifest } from '../manifests.ts';
import { tableText } from '../table.ts';
import type { Check } from './report.ts';
import type { Stage } from './stage.ts';
import { countPods, countsText, statusAgrees } from './status.ts';
import type { Timeline } from './timeline.ts';

export interface Scene {
  cluster: UserCluster;
  stage: Stage;
  timeline: Timeline;
  /** Directory of the sink's topics. */
  sink: string;
  /** How long a step may take, in seconds. */
  patience: number;
  /** Whether no rollout is running or queued. */
  isQuiet(): boolean;
  apply(...manifests: Manifest[]): Promise<void>;
  /** Waits until the SidecarSet's status agrees with the Pods, prints it as `kubectl get` does, and says whether it does. */
  settle(sidecarSet: string, also?: () => boolean): Promise<Check>;
}

export const createScene = (parts: Omit<Scene, 'apply' | 'settle'>): Scene => {
  const { cluster, stage, timeline } = parts;
  return {
    ...parts,
    async apply(...manifests) {
      for (const manifest of manifests) {
        const verb = await cluster.apply(manifest);
        timeline.say(`${manifest.kind} ${manifest.metadata.name} ${verb}`);
      }
    },
    async settle(name, also = () => true) {
      const agreed = await stage.until(() => {
        const set = stage.sidecarSet(name);
        return set && statusAgrees(set, stage.pods()) && also() ? set : undefined;
      }, parts.patience);
      timeline.say(`\n$ kubectl get sidecarset\n${tableText(await cluster.table(SIDECARSETS))}\n`);
      const set = stage.sidecarSet(name);
      return {
        name: "the SidecarSet's status agrees with the Pods",
        ok: agreed !== undefined,
        detail: set
          ? `status: ${countsText(set.status)}; Pods: ${countsText(countPods(set, stage.pods()))}`
          : `there is no SidecarSet ${name}`,
      };
    },
  };
};
