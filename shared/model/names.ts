/** Every annotation, label, environment variable and condition that is shared with OpenKruise or is ours. */

export const SIDECARSET_GROUP = 'apps.kruise.io';
export const SIDECARSET_VERSION = 'v1beta1';

/** On a SidecarSet: the hash itself. On a Pod: a JSON map by SidecarSet name. */
export const ANNOTATION_HASH = 'kruise.io/sidecarset-hash';
export const ANNOTATION_HASH_WITHOUT_IMAGE = 'kruise.io/sidecarset-hash-without-image';
/** Comma list of SidecarSet names, sorted, unique. */
export const ANNOTATION_INJECTED_LIST = 'kruise.io/sidecarset-injected-list';
export const ANNOTATION_INPLACE_UPDATE_STATE = 'kruise.io/sidecarset-inplace-update-state';
export const ANNOTATION_LAUNCH_PRIORITY = 'apps.kruise.io/container-launch-priority';
export const ANNOTATION_LAUNCH_COMPLETED = 'apps.kruise.io/container-launch-priority-completed';

/** On a Pod: JSON map from the name of a hot-upgraded container to that of the one of its two that works. */
export const ANNOTATION_WORKING = 'kruise.io/sidecarset-working-hotupgrade-container';
/** Followed by `/<container>`: the version of a hot-upgraded container, and that of the other of the two. */
export const ANNOTATION_VERSION = 'version.sidecarset.kruise.io';
export const ANNOTATION_VERSION_ALT = 'versionalt.sidecarset.kruise.io';

/** On a SidecarSet that stands in for another one (both annotations together). */
export const ANNOTATION_CANARY = 'apps.kruise.io/sidecarset-canary';
export const ANNOTATION_BASE = 'apps.kruise.io/sidecarset-base';
/** Of Kubernetes, on the API server's picture of a Pod that a node runs from a file. */
export const ANNOTATION_MIRROR_POD = 'kubernetes.io/config.mirror';

/** Ours, on a Pod: `false` keeps every SidecarSet away from it. */
export const ANNOTATION_INJECT = 'serverless.sidecarset.io/inject';
/** Ours: the `spec.namespace` that a `v1alpha1` manifest gave; only in `v1beta1`, where there is no such field. */
export const ANNOTATION_NAMESPACE = 'serverless.sidecarset.io/v1alpha1-namespace';
/** Ours: the last start level that was opened; writing it wakes the kubelet ("poke"). */
export const ANNOTATION_LAUNCH_OPENED = 'serverless.sidecarset.io/launch-opened';
/** Ours: when that level was opened (RFC 3339). */
export const ANNOTATION_LAUNCH_OPENED_AT = 'serverless.sidecarset.io/launch-opened-at';
/** Ours: whole seconds after which a level that holds the next one back is told to the Pod's owner; `0`: never. */
export const ANNOTATION_LAUNCH_TIMEOUT = 'serverless.sidecarset.io/launch-timeout-seconds';
/** Ours: the container whose failure ended the start of the Pod; writing it wakes the kubelet. */
export const ANNOTATION_LAUNCH_FAILED = 'serverless.sidecarset.io/launch-failed';
/** Ours: JSON record of the tries to end sidecars. */
export const ANNOTATION_TERMINATION = 'serverless.sidecarset.io/termination';
/** Ours: marks a Pod that waits to be started or ended by us without any SidecarSet in its injected list. */
export const ANNOTATION_MANAGED = 'serverless.sidecarset.io/managed';

/** Ours, on a SidecarSet: how its plain sidecars are started and ended, `native` or `compatible`. */
export const ANNOTATION_STRATEGY = 'serverless.sidecarset.io/strategy';
/** Ours, on a SidecarSet: `true` lets Pods that run to completion be upgraded, whose Job an upgrade can fail. */
export const ANNOTATION_UPGRADE_JOBS = 'serverless.sidecarset.io/upgrade-jobs';
/** Ours, on a SidecarSet: comma list of the ways to upgrade Pods that differ in more than images. */
export const ANNOTATION_BEYOND_IMAGE = 'serverless.sidecarset.io/beyond-image';

export const LABEL_SIDECARSET_NAME = 'kruise.io/sidecarset-name';
export const LABEL_REVISION_HASH = 'controller.kubernetes.io/hash';
export const LABEL_CUSTOM_VERSION = 'apps.kruise.io/sidecarset-custom-version';
export const LABEL_OS = 'kubernetes.io/os';
export const LABEL_NAMESPACE_NAME = 'kubernetes.io/metadata.name';

export const ENV_INJECTED = 'IS_INJECTED';
export const ENV_VERSION = 'SIDECARSET_VERSION';
export const ENV_VERSION_ALT = 'SIDECARSET_VERSION_ALT';
export const ENV_PRIORITY = 'KRUISE_CONTAINER_PRIORITY';
export const ENV_BARRIER = 'KRUISE_CONTAINER_BARRIER';
export const ENV_TERMINATE = 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT';
export const ENV_TERMINATE_WITH_IMAGE = 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE';
export const ENV_IGNORE_EXIT_CODE = 'KRUISE_TERMINATE_SIDECAR_IGNORE_EXIT_CODE';

/**
 * An image that no kubelet can start: its name is not one, so no registry is asked. A container that gets it is stopped
 * by the kubelet and, under restartPolicy Never, keeps its exit code.
 */
export const UNSTARTABLE_IMAGE = 'sidecarset.io/Ended';

/** OpenKruise's, on a Pod: its phase was set from its main containers. */
export const CONDITION_TERMINATED = 'SidecarTerminated';
/** Ours, on a Pod: a start level does not open. */
export const CONDITION_LAUNCH_BLOCKED = 'serverless.sidecarset.io/LaunchBlocked';
export const CONDITION_UPGRADABLE = 'SidecarSetUpgradable';

/** Who `rollout` and `terminate` are to the cluster: by their access entry, or by their service account. */
export const GROUP_ROLLOUT = 'sidecarset:rollout';
export const ACCOUNT_ROLLOUT = 'system:serviceaccount:sidecarset-system:rollout';
export const GROUP_TERMINATE = 'sidecarset:terminate';
export const ACCOUNT_TERMINATE = 'system:serviceaccount:sidecarset-system:terminate';

/** Where ControllerRevisions and our own configuration live. */
export const SYSTEM_NAMESPACE = 'sidecarset-system';

/** OpenKruise's configuration, in the system namespace. */
export const CONFIG_MAP_KRUISE = 'kruise-configuration';
/** The annotations that `patchPodMetadata` may write. */
export const KEY_WHITELIST = 'SidecarSet_PatchPodMetadata_WhiteList';

/** Our own configuration, in the system namespace. */
export const CONFIG_MAP_OWN = 'sidecarset-config';
/** The strategy of SidecarSets that do not say it themselves. */
export const KEY_STRATEGY = 'strategy';
