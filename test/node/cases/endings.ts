/** Sidecars of all kinds, and how each is to be ended: the tables of docs/ending.md. */
import type { Container } from '../../../shared/model/kubernetes.ts';
import { USER_IMAGE } from '../rig/images.ts';
import {
  bare,
  HANDLERLESS,
  IGNORE,
  type JobOptions,
  main,
  ON_FAILURE,
  SCRIPTS,
  SHORT_GRACE,
  shell,
  side,
  TERMINATE,
  WITH_IMAGE,
} from './objects.ts';

export interface Ending extends Pick<JobOptions, 'namespace' | 'pod' | 'job'> {
  side: Container;
  main?: Container;
  ends: 'Complete' | 'Failed';
  tries: string[];
  /** The sidecar's; `undefined` where its Pod is gone before it is told. */
  code: number | undefined;
}

const exits0 = shell(SCRIPTS.exits0);
const exits143 = shell(SCRIPTS.exits143);
const withExitImage = { env: [TERMINATE, WITH_IMAGE] };
const ignored = { env: [TERMINATE, IGNORE] };
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const restricted = { securityContext: { ...RESTRICTED, runAsUser: 1000 } };
/** The user is the image's, so `runAsNonRoot` holds, and nobody can read it in the Pod. */
const userOfImage = { image: USER_IMAGE, securityContext: RESTRICTED };
const restrictedMain = { ...main(), ...restricted };

/** Longer than a kubelet may write its own phase over ours. */
const MEDIUM_GRACE = { terminationGracePeriodSeconds: 6 };

/** By what is to be seen. */
export const ENDINGS: [string, Ending][] = [
  [
    'SIGTERM by exec ends a sidecar that exits 0',
    { side: side(exits0), ends: 'Complete', tries: ['exec'], code: 0 },
  ],
  [
    'the same under OnFailure with backoffLimit 0',
    { side: side(exits0), pod: ON_FAILURE, ends: 'Complete', tries: ['exec'], code: 0 },
  ],
  ['exit code 143 counts', { side: side(exits143), ends: 'Failed', tries: ['exec'], code: 143 }],
  [
    'a failed main container fails its Job, however well the sidecar ends',
    { side: side(exits0), main: main('exit 3'), ends: 'Failed', tries: ['exec'], code: 0 },
  ],
  [
    'an ephemeral container sends the signal where there is no shell',
    { side: side(bare()), ends: 'Complete', tries: ['exec refused', 'ephemeral'], code: 0 },
  ],
  [
    "it may signal another user's process",
    {
      side: side(bare(), { image: USER_IMAGE }),
      ends: 'Complete',
      tries: ['exec refused', 'ephemeral'],
      code: 0,
    },
  ],
  [
    'it keeps to the restricted Pod security standard where the user is known',
    {
      side: side(bare(), restricted),
      main: restrictedMain,
      namespace: 'restricted',
      ends: 'Complete',
      tries: ['exec refused', 'ephemeral'],
      code: 0,
    },
  ],
  [
    'PodSecurity refuses it where the user is not known: the sidecar is stopped by an image that can not be started',
    {
      side: side(bare(), userOfImage),
      main: restrictedMain,
      namespace: 'restricted',
      ends: 'Complete',
      tries: ['exec refused', 'ephemeral refused', 'stop'],
      code: 0,
    },
  ],
  [
    'a process 1 without a handler is stopped after the signal, and fails its Pod with 137',
    { side: side(HANDLERLESS), pod: SHORT_GRACE, ends: 'Failed', tries: ['exec', 'stop'], code: 137 },
  ],
  [
    'so is one that ignores SIGTERM',
    {
      side: side(shell(SCRIPTS.ignores)),
      pod: SHORT_GRACE,
      ends: 'Failed',
      tries: ['exec', 'stop'],
      code: 137,
    },
  ],
  [
    'with an exit image a process 1 without a handler does not matter',
    { side: side(HANDLERLESS, withExitImage), pod: SHORT_GRACE, ends: 'Complete', tries: ['image'], code: 0 },
  ],
  [
    'with an exit image neither does exit code 143',
    { side: side(exits143, withExitImage), ends: 'Complete', tries: ['image'], code: 0 },
  ],
  [
    'the exit image is taken under OnFailure where the Job can bear a restart',
    {
      side: side(exits143, withExitImage),
      pod: ON_FAILURE,
      job: { backoffLimit: 6 },
      ends: 'Complete',
      tries: ['image'],
      code: 0,
    },
  ],
  [
    'it is not where the Job can not',
    { side: side(exits0, withExitImage), pod: ON_FAILURE, ends: 'Complete', tries: ['exec'], code: 0 },
  ],
  [
    'an exit image that can not be pulled leaves the exit code of the sidecar',
    {
      side: side(exits0, { env: [TERMINATE, { ...WITH_IMAGE, value: 'registry.test/nowhere:1' }] }),
      ends: 'Complete',
      tries: ['image'],
      code: 0,
    },
  ],
  [
    'the phase makes exit code 143 not count',
    { side: side(exits143, ignored), ends: 'Complete', tries: ['phase'], code: 143 },
  ],
  [
    'so under OnFailure, with backoffLimit 0',
    { side: side(exits143, ignored), pod: ON_FAILURE, ends: 'Complete', tries: ['phase'], code: 143 },
  ],
  [
    'nor does 137 of a process 1 without a handler',
    { side: side(HANDLERLESS, ignored), pod: MEDIUM_GRACE, ends: 'Complete', tries: ['phase'], code: 137 },
  ],
  [
    'the phase is that of the main containers',
    { side: side(exits0, ignored), main: main('exit 3'), ends: 'Failed', tries: ['phase'], code: 0 },
  ],
  [
    'nobody is signalled in a shared process namespace',
    { side: side(exits0), pod: { shareProcessNamespace: true }, ends: 'Complete', tries: ['stop'], code: 0 },
  ],
  [
    'nor in that of the host',
    { side: side(exits0), pod: { hostPID: true }, ends: 'Complete', tries: ['stop'], code: 0 },
  ],
  [
    'a sidecar that crashed before the main containers ended counts, and is not touched',
    { side: side(shell('exit 1')), main: main('sleep 3'), ends: 'Failed', tries: [], code: 1 },
  ],
  [
    'activeDeadlineSeconds ends the Pod without us',
    {
      side: side(exits0),
      main: main('sleep 1d'),
      pod: { activeDeadlineSeconds: 3 },
      ends: 'Failed',
      tries: [],
      code: undefined,
    },
  ],
];
