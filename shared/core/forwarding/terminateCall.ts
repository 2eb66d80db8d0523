import type { Pod } from '../../model/kubernetes.ts';
import { terminationDue } from '../termination/due.ts';
import { type Change, changes } from './change.ts';

/** What decides whether the main containers are done, that a sidecar has a (new) process to end, or a try has failed. */
const ends = ({ status }: Pod): unknown => [
  status?.phase,
  status?.ephemeralContainerStatuses?.map(({ name, state }) => [name, state?.terminated?.exitCode]),
  status?.containerStatuses?.map(({ name, restartCount, state }) => [
    name,
    restartCount,
    state?.running !== undefined,
    state?.terminated?.exitCode,
  ]),
];

/** A container changed its state, and the sidecars of the Pod are to end now. A Pod that is created runs nothing yet. */
export const asksForTermination = (change: Change): boolean =>
  change.after !== undefined && changes(change, ends) && terminationDue(change.after).kind === 'yes';
