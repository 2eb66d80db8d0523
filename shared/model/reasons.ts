/**
 * Every outcome of a decision: a code and its sentence. Logs, metrics, events, answers and the docs' table use the code.
 * Add a code here rather than a string elsewhere; keep each group in alphabetical order.
 */
export const REASONS = {
  // Any function
  HopLimit: 'the event was sent on too often; the next resync takes it up',
  ObjectGone: 'the object does not exist (any more)',
  OtherUid: 'an object of the same name but another uid: the event was about its predecessor',
  TooEarly: 'the write that the event announces is not visible yet; looked at again later',
  // launch
  LaunchComplete: 'all start levels are open',
  LaunchNotWaiting: 'no container of the Pod waits for a start level',
  LaunchOpened: 'a start level was opened',
  LaunchWaiting: 'the level above is not ready yet',
  // terminate
  TerminationForeign:
    'PID 1 of this Pod is not the sidecar (shared process namespace); it is never signalled',
  TerminationGivenUp: 'the sidecar did not end after the last try',
  TerminationMainsRunning: 'main containers are still running',
  TerminationNotWanted: 'no container of the Pod is to be ended by us',
  TerminationOver: 'the sidecars have ended',
  TerminationSignalled: 'SIGTERM was sent to the sidecars',
  TerminationWaiting: 'a sidecar was signalled and has its grace period left',
  // rollout
  RolloutAnswered: 'a finished run already saw this change',
  RolloutClaimed: 'another run holds the claim',
  RolloutClaimPruned: 'the stored status does not hold our claim: the installed CRD prunes it',
  RolloutMoved: 'Pods were upgraded',
  RolloutNothing: 'nothing to upgrade',
  RolloutPaused: 'the rollout is paused',
  RolloutUnfinished: 'the run reached its deadline; the rest follows',
} as const;

export type Code = keyof typeof REASONS;
