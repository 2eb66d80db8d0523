import type { Discovery } from '../discovery.ts';
import type { Manifest } from '../manifests.ts';
import type { Step } from './plan.ts';

export interface Served {
  steps: Step[];
  /** `<kind> in <apiVersion>` of rights that the cluster does not serve; they are in no step. */
  unserved: string[];
}

/** Everything but rights is needed, and applied or refused when its turn comes: the definition brings a kind itself. */
export const servedSteps = async (steps: Step[], find: Discovery): Promise<Served> => {
  const unserved = new Set<string>();
  const split: Step[] = [];
  for (const { name, manifests } of steps) {
    const served: Manifest[] = [];
    for (const manifest of manifests) {
      if (name !== 'rights' || (await find(manifest))) served.push(manifest);
      else unserved.add(`${manifest.kind} in ${manifest.apiVersion}`);
    }
    split.push({ name, manifests: served });
  }
  return { steps: split, unserved: [...unserved] };
};
