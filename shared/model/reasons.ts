/**
 * Every outcome of a decision: a code and its sentence. Logs, metrics, events, answers and the docs' table use the code.
 * Add a code here rather than a string elsewhere; keep each group in alphabetical order.
 */
export const REASONS = {
  // Any function
  EventVersionUnknown: 'the event has a version that this release does not read; it goes to the dead letters',
  Fault: 'an unforeseen fault; the message is tried again',
  HopLimit: 'the event was sent on too often; the next resync takes it up',
  InputMalformed: 'what came in does not have the promised form; the message names the field',
  ObjectGone: 'the object does not exist (any more)',
  OtherUid: 'an object of the same name but another uid: the event was about its predecessor',
  TooEarly: 'the write that the event announces is not visible yet; looked at again later',
  // inject
  InjectionAnnotationUnreadable:
    'an annotation that records injected SidecarSets is not what was once written',
  InjectionComplete: 'the Pod holds all that would be injected',
  InjectionDone: 'the Pod was changed',
  InjectionExcludedNamespace: 'Pods of this namespace are left alone',
  InjectionMirrorPod: 'a mirror of a static Pod is left alone: its node runs what is in the file',
  InjectionMetadataUnmergeable: 'an annotation can not be merged with that of a SidecarSet',
  InjectionNameClash: 'containers can not stand in one Pod: their names are taken',
  InjectionNoContainers: 'a Pod without containers is left to the API server to refuse',
  InjectionNotSelected:
    'no SidecarSet selects the Pod, and none of its containers asks for an order or an end',
  InjectionOptedOut: 'the Pod asks to be left alone by its annotation serverless.sidecarset.io/inject',
  InjectionPodDeleting: 'the Pod is being deleted',
  InjectionPodFinished: 'the Pod has ended',
  InjectionPodUnreadable: 'the Pod has a field of a wrong type; the causes name it',
  InjectionPriorityUnreadable: 'a start priority is not a whole number',
  InjectionResourcesImpossible: 'a resourcesPolicy gives no resources for this Pod',
  InjectionRevisionMissing: 'a SidecarSet names a revision that does not exist',
  InjectionSetUnusable: 'a SidecarSet that selects the Pod holds what this release can not inject',
  InjectionSubresource: 'only the creation of a Pod is answered',
  InjectionWindows: 'sidecars are for Linux: a Pod for Windows is left alone',
  // sidecarset
  ConversionImpossible: 'the object has no form in the desired version',
  SidecarSetAccepted: 'the SidecarSet is valid',
  SidecarSetDefaulted: 'defaults and hashes were written',
  SidecarSetInvalid: 'the SidecarSet is not valid; the causes name the fields',
  SidecarSetLeftAlone: 'a deletion, or an object that is being deleted, is left alone',
  SidecarSetPoliciesUnread: 'policies of namespaces could not be read, so there are no warnings about them',
  SidecarSetVersionUnknown: 'only v1beta1 is answered; the API server converts',
  // observe
  ObserveDryRun: 'the request is a dry run: nothing will be written',
  ObserveForwarded: 'the change was put on the bus',
  ObserveLost: 'the change could not be put on the bus; the next resync takes it up',
  ObserveNamespace: 'objects of this namespace are left alone',
  ObserveNothing: 'the change asks for no work',
  ObserveUnreadable: 'the review does not say which object it is about',
  // resync
  ResyncSent: 'an event was sent for each object that may wait',
  // launch
  LaunchBlocked: 'a start level has not become ready in its time; the owner of the Pod is told',
  LaunchBusy: 'others kept changing the Pod or its ConfigMap; the next event takes it up',
  LaunchComplete: 'all start levels are open',
  LaunchFailed: 'a container that others wait for has failed and will not run again; the Pod is failed',
  LaunchForeign:
    'the ConfigMap of the start levels belongs to somebody else; it is not touched, and the owner of the Pod is told',
  LaunchNotWaiting: 'no container of the Pod waits for a start level',
  LaunchOpened: 'a start level was opened',
  LaunchWaiting: 'the level above is not ready yet',
  // terminate
  TerminationBusy: 'others kept changing the Pod; the next event takes it up',
  TerminationEphemeral: 'an ephemeral container was added that sends SIGTERM',
  TerminationFailed: 'a try could not be made; the next one follows',
  TerminationGivenUp: 'the sidecar did not end after the last try; the owner of the Pod is told',
  TerminationMainsRunning: 'main containers are still running',
  TerminationNotRunning: 'a sidecar has no process now; its next start is seen',
  TerminationNotWanted: 'no container of the Pod is to be ended by us',
  TerminationOver: 'the sidecars have ended',
  TerminationPhase: 'the phase of the Pod was set from its main containers: its node ends the rest',
  TerminationQueued: 'the sidecar is ended after the others, or by the phase that ends the Pod',
  TerminationSignalled: 'SIGTERM was sent to the sidecars',
  TerminationStopped: 'the node was told to stop the sidecars, by an image that can not be started',
  TerminationSwapped: 'the sidecars got their exit image',
  TerminationWaiting: 'a try was made and has its time left',
  // rollout
  RolloutAnswered: 'a finished run already saw this change',
  RolloutBlocked: 'PodDisruptionBudgets do not let the chosen Pods go; they are tried again',
  RolloutClaimed: 'another run holds the claim',
  RolloutClaimPruned: 'the stored status does not hold our claim: the installed CRD prunes it',
  RolloutCountsLater: 'only the counts change; looked at together with what else changes by then',
  RolloutFrozen: 'the update strategy is NotUpdate',
  RolloutInFlight: 'the change is part of a batch that the status knows, and the batch is not over',
  RolloutInvalid: 'a field is not valid: it was written past our webhook; no Pod is upgraded',
  RolloutMoved: 'Pods were upgraded',
  RolloutNothing: 'nothing to upgrade',
  RolloutPaused: 'the rollout is paused',
  RolloutRefused: 'the API server refused to upgrade the chosen Pods; resync tries again',
  RolloutUnfinished: 'the run could not do all it had planned; the rest follows',
  RolloutUnhashed: 'the SidecarSet has no hash annotations: it was written past our webhook',
  RolloutWaiting: 'maxUnavailable is used up by Pods that are not back yet',
  RolloutWatched: 'a batch is on its way; looked at again if no event has led there by then',
} as const;

export type Code = keyof typeof REASONS;
