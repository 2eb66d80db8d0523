/** A Job whose sidecar ends in an odd way, and what is to become of it. */
import type { Strategy } from '../../../shared/core/termination/tries.ts';
import type { Pod, PodSpec } from '../../../shared/model/kubernetes.ts';
import { SIDECARS } from '../../support/sidecarImages.ts';
import { jobOf, type SidecarKind, templateOf } from '../system/manifests.ts';

export interface Case {
  /** Completes "a sidecar ...". */
  does: string;
  kind: SidecarKind;
  restartPolicy: NonNullable<Pod['spec']['restartPolicy']>;
  spec?: Partial<PodSpec>;
  backoffLimit?: number;
  /** How long the main container lasts. */
  seconds?: number;
  /** Absent: the Job does not end. */
  verdict?: 'Complete' | 'Failed';
  strategies: Strategy[];
  /** Of the last run of the sidecar that is over. */
  exitCode?: number;
  /** The Event that tells the Pod's owner. */
  told?: RegExp;
  /** The preStop command is to have run. */
  hooked?: true;
}

type Rest = Omit<Case, 'does' | 'kind' | 'restartPolicy'>;
export type Kind = Omit<SidecarKind, 'name' | 'image'> & { image: keyof typeof SIDECARS };

const kindOf = (name: string, { image, ...kind }: Kind): SidecarKind => ({
  ...kind,
  name,
  image: SIDECARS[image],
});

const under =
  (restartPolicy: Case['restartPolicy']) =>
  (does: string, name: string, kind: Kind, rest: Rest): Case => ({
    does: `under ${restartPolicy}, ${does}`,
    kind: kindOf(name, kind),
    restartPolicy,
    ...rest,
  });

export const never = under('Never');
export const onFailure = under('OnFailure');

/** Short where it passes in vain; else a busy node must not be late. */
const graceOf = ({ kind: { image } }: Case): number =>
  image === SIDECARS.noHandler || image === SIDECARS.ignoresTerm ? 1 : 10;

export const jobFor = (each: Case): object => {
  const { kind, restartPolicy, spec, backoffLimit, seconds = 0 } = each;
  const template = templateOf(
    kind,
    { seconds },
    { restartPolicy, terminationGracePeriodSeconds: graceOf(each), ...spec },
  );
  // Under OnFailure the default bears restarts; under Never another Pod would only try the same again.
  return jobOf(kind.name, template, { backoffLimit: backoffLimit ?? (restartPolicy === 'Never' ? 0 : 6) });
};
