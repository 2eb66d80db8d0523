/** Why a Pod is not where the rollout wants it. Status, docs and messages use the reason and its sentence. */
export const WAITING = {
  AnnotationUnreadable: 'an annotation that records what was injected is not what was once written',
  BeyondImage: 'differs in more than images; upgraded only if the SidecarSet allows resize or recreate',
  DisruptionBudget: 'a PodDisruptionBudget does not let it be evicted now',
  Failing: 'carries the latest revision, and a container of it fails',
  InFlight: 'was upgraded; its node has not carried it out yet',
  InjectionPinned: 'would be recreated as it is: injection is paused or pinned to a revision',
  MaxUnavailable: 'waits until Pods that were taken are back',
  Migrating: 'two versions of a hot-upgraded container run; the new one takes over',
  NotReady: 'carries the latest revision and is not ready',
  NotRecreatable: 'would not come back after an eviction: it has no controller, or it runs to completion',
  NotSelected: 'updateStrategy.selector does not match it',
  Partition: 'is kept on the old revision by updateStrategy.partition',
  Refused: 'the API server refused to upgrade it',
  RunsToCompletion:
    'restartPolicy is not Always; upgraded only if the SidecarSet asks for it, and not once its sidecars are ended',
  Stopped: 'the rollout is paused, or the update strategy is NotUpdate',
} as const;

export type WaitingReason = keyof typeof WAITING;
