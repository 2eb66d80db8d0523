/** The kinds of Jobs that run side by side. */
import type { Strategy } from '../../../shared/core/termination/tries.ts';
import { SIDECARS } from '../../support/sidecarImages.ts';
import type { SidecarKind } from '../system/manifests.ts';

export interface JobKind extends SidecarKind {
  restartPolicy: 'Never' | 'OnFailure';
  /** What leads to its end, in order. */
  strategies: Strategy[];
  /** Seconds. */
  grace: number;
}

/** They do not notice SIGTERM. What they have not copied at the end of the grace period is lost, as on any kubelet. */
const isDeaf = (image: keyof typeof SIDECARS): boolean => image === 'noHandler' || image === 'ignoresTerm';

const kind = (
  image: keyof typeof SIDECARS,
  ending: SidecarKind['ending'],
  restartPolicy: JobKind['restartPolicy'],
  strategies: Strategy[],
): JobKind => ({
  name: `${image}-${ending}-${restartPolicy}`.replaceAll(' ', '-').toLowerCase(),
  image: SIDECARS[image],
  ending,
  restartPolicy,
  strategies,
  // The others copy nothing before SIGTERM: without it their lines are lost.
  ...(isDeaf(image) ? { grace: 4, copySeconds: 1 } : { grace: 30, copySeconds: 600 }),
});

export const KINDS: JobKind[] = [
  kind('exits0', 'signal', 'Never', ['exec']),
  kind('exits0', 'signal', 'OnFailure', ['exec']),
  kind('exits143', 'exit image', 'Never', ['image']),
  kind('exits143', 'exit image', 'OnFailure', ['image']),
  kind('exits143', 'ignored', 'Never', ['phase']),
  kind('exits143', 'ignored', 'OnFailure', ['phase']),
  kind('exits143', 'native', 'Never', []),
  kind('exits143', 'native', 'OnFailure', []),
  kind('noHandler', 'exit image', 'Never', ['image']),
  kind('noHandler', 'ignored', 'OnFailure', ['phase']),
  kind('noHandler', 'native', 'Never', []),
  kind('ignoresTerm', 'exit image', 'OnFailure', ['image']),
  kind('ignoresTerm', 'ignored', 'Never', ['phase']),
  kind('ignoresTerm', 'native', 'OnFailure', []),
  kind('noShell', 'signal', 'Never', ['exec', 'ephemeral']),
  kind('noShell', 'signal', 'OnFailure', ['exec', 'ephemeral']),
  kind('noShell', 'exit image', 'Never', ['image']),
  kind('crashes', 'native', 'Never', []),
  kind('crashes', 'native', 'OnFailure', []),
  kind('crashes', 'exit image', 'OnFailure', ['image']),
];

export const crashes = ({ image }: SidecarKind): boolean => image === SIDECARS.crashes;
