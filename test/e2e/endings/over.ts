/** Pods that the kubelet ends itself: their main containers end at once then, their sidecars take their time. */
import { SIDECARS } from '../../support/sidecarImages.ts';
import { jobOf, type SidecarKind, templateOf } from '../system/manifests.ts';

export const OVER_KIND: SidecarKind = { name: 'over', image: SIDECARS.ignoresTerm, ending: 'signal' };

/** Of Pod `deleted-pod`. */
export const DELETED = 'deleted';
export const LATE = 'late';
export const LATE_POD = 'overdue';

/** Longer than any test. */
const LONG = { seconds: 3600 };
/** Time for both containers to start on a loaded machine. */
const DEADLINE = { activeDeadlineSeconds: 20 };

const { metadata, spec } = templateOf(OVER_KIND, LONG, {
  restartPolicy: 'Never',
  terminationGracePeriodSeconds: 4,
});

export const OVER: object[] = [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${DELETED}-pod`, namespace: 'default' },
    spec,
  },
  jobOf(LATE, { metadata, spec }, { backoffLimit: 0, ...DEADLINE }),
  jobOf(LATE_POD, { metadata, spec: { ...spec, ...DEADLINE } }, { backoffLimit: 0 }),
];
