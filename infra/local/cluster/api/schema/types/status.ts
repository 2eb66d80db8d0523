/** Nodes and what is reported about pods (core/v1). See ../tables.ts for how to read them. */
export const NODES_AND_STATUS: Record<string, string> = {
  AttachedVolume: 'devicePath string*, name string*',
  ConfigMapNodeConfigSource: `
    kubeletConfigKey string*, name string*, namespace string*, resourceVersion string, uid string`,
  ContainerExtendedResourceRequest: 'containerName string*, requestName string*, resourceName string*',
  ContainerImage: 'names string[], sizeBytes int64',
  ContainerState: `
    running ContainerStateRunning, terminated ContainerStateTerminated, waiting ContainerStateWaiting`,
  ContainerStateRunning: 'startedAt Time',
  ContainerStateTerminated: `
    containerID string, exitCode int32*, finishedAt Time, message string, reason string, signal int32,
    startedAt Time`,
  ContainerStateWaiting: 'message string, reason string',
  ContainerStatus: `
    allocatedResources map<Quantity>, allocatedResourcesStatus ResourceStatus[name], containerID string,
    image string*, imageID string*, lastState ContainerState, name string*, ready bool*,
    resources ResourceRequirements, restartCount int32*, started bool, state ContainerState,
    stopSignal string, user ContainerUser, volumeMounts VolumeMountStatus[mountPath]`,
  ContainerUser: 'linux LinuxContainerUser',
  DaemonEndpoint: 'Port int32*',
  HostIP: 'ip string*',
  LinuxContainerUser: 'gid int64*, supplementalGroups int64[], uid int64*',
  Node: 'apiVersion string, kind string, metadata meta.ObjectMeta, spec NodeSpec, status NodeStatus',
  NodeAddress: 'address string*, type string*=',
  NodeCondition: `
    lastHeartbeatTime Time, lastTransitionTime Time, message string, reason string, status string*,
    type string*=`,
  NodeConfigSource: 'configMap ConfigMapNodeConfigSource',
  NodeConfigStatus: `
    active NodeConfigSource, assigned NodeConfigSource, error string, lastKnownGood NodeConfigSource`,
  NodeDaemonEndpoints: 'kubeletEndpoint DaemonEndpoint',
  NodeFeatures: 'supplementalGroupsPolicy bool',
  NodeRuntimeHandler: 'features NodeRuntimeHandlerFeatures, name string',
  NodeRuntimeHandlerFeatures: 'recursiveReadOnlyMounts bool, userNamespaces bool',
  NodeSpec: `
    configSource NodeConfigSource, externalID string, podCIDR string, podCIDRs string[=],
    providerID string, taints Taint[], unschedulable bool`,
  NodeStatus: `
    addresses NodeAddress[type], allocatable map<Quantity>, capacity map<Quantity>,
    conditions NodeCondition[type], config NodeConfigStatus, daemonEndpoints NodeDaemonEndpoints,
    features NodeFeatures, images ContainerImage[], nodeInfo NodeSystemInfo, phase string,
    runtimeHandlers NodeRuntimeHandler[], volumesAttached AttachedVolume[], volumesInUse string[]`,
  NodeSwapStatus: 'capacity int64',
  NodeSystemInfo: `
    architecture string*, bootID string*, containerRuntimeVersion string*, kernelVersion string*,
    kubeProxyVersion string*, kubeletVersion string*, machineID string*, operatingSystem string*,
    osImage string*, swap NodeSwapStatus, systemUUID string*`,
  PodCondition: `
    lastProbeTime Time, lastTransitionTime Time, message string, observedGeneration int64, reason string,
    status string*, type string*=`,
  PodExtendedResourceClaimStatus: `
    requestMappings ContainerExtendedResourceRequest[]*, resourceClaimName string*`,
  PodIP: 'ip string*=',
  PodResourceClaimStatus: 'name string*=, resourceClaimName string',
  PodStatus: `
    conditions PodCondition[type], containerStatuses ContainerStatus[],
    ephemeralContainerStatuses ContainerStatus[],
    extendedResourceClaimStatus PodExtendedResourceClaimStatus, hostIP string, hostIPs HostIP[],
    initContainerStatuses ContainerStatus[], message string, nominatedNodeName string,
    observedGeneration int64, phase string, podIP string, podIPs PodIP[ip], qosClass string,
    reason string, resize string, resourceClaimStatuses PodResourceClaimStatus[name], startTime Time`,
  ResourceStatus: 'name string*=, resources ResourceHealth[resourceID]',
  Taint: 'effect string*, key string*, timeAdded Time, value string',
  VolumeMountStatus: 'mountPath string*=, name string*, readOnly bool, recursiveReadOnly string',
};
