/** The small kinds of core/v1. See ../tables.ts for how to read them. */
export const OBJECTS: Record<string, string> = {
  Binding: 'apiVersion string, kind string, metadata meta.ObjectMeta, target ObjectReference*',
  ClientIPConfig: 'timeoutSeconds int32',
  ConfigMap: `
    apiVersion string, binaryData map<bytes>, data map<string>, immutable bool, kind string,
    metadata meta.ObjectMeta`,
  Event: `
    action string, apiVersion string, count int32, eventTime MicroTime, firstTimestamp Time,
    involvedObject ObjectReference*, kind string, lastTimestamp Time, message string,
    metadata meta.ObjectMeta*, reason string, related ObjectReference, reportingComponent string,
    reportingInstance string, series EventSeries, source EventSource, type string`,
  EventSeries: 'count int32, lastObservedTime MicroTime',
  EventSource: 'component string, host string',
  LoadBalancerIngress: 'hostname string, ip string, ipMode string, ports PortStatus[]',
  LoadBalancerStatus: 'ingress LoadBalancerIngress[]',
  LocalObjectReference: '! name string=',
  Namespace: `
    apiVersion string, kind string, metadata meta.ObjectMeta, spec NamespaceSpec, status NamespaceStatus`,
  NamespaceCondition: `
    lastTransitionTime Time, message string, reason string, status string*, type string*=`,
  NamespaceSpec: 'finalizers string[]',
  NamespaceStatus: 'conditions NamespaceCondition[type], phase string',
  ObjectReference: `
    ! apiVersion string, fieldPath string, kind string, name string, namespace string,
    resourceVersion string, uid string`,
  PortStatus: 'error string, port int32*, protocol string*',
  Secret: `
    apiVersion string, data map<bytes>, immutable bool, kind string, metadata meta.ObjectMeta,
    stringData map<string>, type string`,
  Service: `
    apiVersion string, kind string, metadata meta.ObjectMeta, spec ServiceSpec, status ServiceStatus`,
  ServiceAccount: `
    apiVersion string, automountServiceAccountToken bool, imagePullSecrets LocalObjectReference[],
    kind string, metadata meta.ObjectMeta, secrets ObjectReference[name]`,
  ServiceAccountTokenProjection: 'audience string, expirationSeconds int64, path string*',
  ServicePort: `
    appProtocol string, name string, nodePort int32, port int32*=0, protocol string=TCP,
    targetPort IntOrString`,
  ServiceSpec: `
    allocateLoadBalancerNodePorts bool, clusterIP string, clusterIPs string[], externalIPs string[],
    externalName string, externalTrafficPolicy string, healthCheckNodePort int32,
    internalTrafficPolicy string, ipFamilies string[], ipFamilyPolicy string, loadBalancerClass string,
    loadBalancerIP string, loadBalancerSourceRanges string[], ports ServicePort[port+protocol],
    publishNotReadyAddresses bool, selector map<string>!, sessionAffinity string,
    sessionAffinityConfig SessionAffinityConfig, trafficDistribution string, type string`,
  ServiceStatus: 'conditions meta.Condition[type], loadBalancer LoadBalancerStatus',
  SessionAffinityConfig: 'clientIP ClientIPConfig',
  TypedLocalObjectReference: '! apiGroup string, kind string*, name string*',
};
