/** Volumes of a pod (core/v1). See ../tables.ts for how to read them. */
export const VOLUMES: Record<string, string> = {
  AWSElasticBlockStoreVolumeSource: 'fsType string, partition int32, readOnly bool, volumeID string*',
  AzureDiskVolumeSource: `
    cachingMode string, diskName string*, diskURI string*, fsType string, kind string, readOnly bool`,
  AzureFileVolumeSource: 'readOnly bool, secretName string*, shareName string*',
  CSIVolumeSource: `
    driver string*, fsType string, nodePublishSecretRef LocalObjectReference, readOnly bool,
    volumeAttributes map<string>`,
  CephFSVolumeSource: `
    monitors string[]*, path string, readOnly bool, secretFile string, secretRef LocalObjectReference,
    user string`,
  CinderVolumeSource: 'fsType string, readOnly bool, secretRef LocalObjectReference, volumeID string*',
  ClusterTrustBundleProjection: `
    labelSelector meta.LabelSelector, name string, optional bool, path string*, signerName string`,
  ConfigMapProjection: 'items KeyToPath[], name string, optional bool',
  ConfigMapVolumeSource: 'defaultMode int32, items KeyToPath[], name string, optional bool',
  DownwardAPIProjection: 'items DownwardAPIVolumeFile[]',
  DownwardAPIVolumeFile: `
    fieldRef ObjectFieldSelector, mode int32, path string*, resourceFieldRef ResourceFieldSelector`,
  DownwardAPIVolumeSource: 'defaultMode int32, items DownwardAPIVolumeFile[]',
  EmptyDirVolumeSource: 'medium string, sizeLimit Quantity',
  EphemeralVolumeSource: 'volumeClaimTemplate PersistentVolumeClaimTemplate',
  FCVolumeSource: 'fsType string, lun int32, readOnly bool, targetWWNs string[], wwids string[]',
  FlexVolumeSource: `
    driver string*, fsType string, options map<string>, readOnly bool, secretRef LocalObjectReference`,
  FlockerVolumeSource: 'datasetName string, datasetUUID string',
  GCEPersistentDiskVolumeSource: 'fsType string, partition int32, pdName string*, readOnly bool',
  GitRepoVolumeSource: 'directory string, repository string*, revision string',
  GlusterfsVolumeSource: 'endpoints string*, path string*, readOnly bool',
  HostPathVolumeSource: 'path string*, type string',
  ISCSIVolumeSource: `
    chapAuthDiscovery bool, chapAuthSession bool, fsType string, initiatorName string, iqn string*,
    iscsiInterface string, lun int32*, portals string[], readOnly bool, secretRef LocalObjectReference,
    targetPortal string*`,
  ImageVolumeSource: 'pullPolicy string, reference string',
  KeyToPath: 'key string*, mode int32, path string*',
  NFSVolumeSource: 'path string*, readOnly bool, server string*',
  PersistentVolumeClaimSpec: `
    accessModes string[], dataSource TypedLocalObjectReference, dataSourceRef TypedObjectReference,
    resources VolumeResourceRequirements, selector meta.LabelSelector, storageClassName string,
    volumeAttributesClassName string, volumeMode string, volumeName string`,
  PersistentVolumeClaimTemplate: 'metadata meta.ObjectMeta, spec PersistentVolumeClaimSpec*',
  PersistentVolumeClaimVolumeSource: 'claimName string*, readOnly bool',
  PhotonPersistentDiskVolumeSource: 'fsType string, pdID string*',
  PodCertificateProjection: `
    certificateChainPath string, credentialBundlePath string, keyPath string, keyType string*,
    maxExpirationSeconds int32, signerName string*`,
  PortworxVolumeSource: 'fsType string, readOnly bool, volumeID string*',
  ProjectedVolumeSource: 'defaultMode int32, sources VolumeProjection[]',
  QuobyteVolumeSource: `
    group string, readOnly bool, registry string*, tenant string, user string, volume string*`,
  RBDVolumeSource: `
    fsType string, image string*, keyring string, monitors string[]*, pool string, readOnly bool,
    secretRef LocalObjectReference, user string`,
  ScaleIOVolumeSource: `
    fsType string, gateway string*, protectionDomain string, readOnly bool,
    secretRef LocalObjectReference*, sslEnabled bool, storageMode string, storagePool string,
    system string*, volumeName string`,
  SecretProjection: 'items KeyToPath[], name string, optional bool',
  SecretVolumeSource: 'defaultMode int32, items KeyToPath[], optional bool, secretName string',
  StorageOSVolumeSource: `
    fsType string, readOnly bool, secretRef LocalObjectReference, volumeName string,
    volumeNamespace string`,
  TypedObjectReference: 'apiGroup string, kind string*, name string*, namespace string',
  VolumeProjection: `
    clusterTrustBundle ClusterTrustBundleProjection, configMap ConfigMapProjection,
    downwardAPI DownwardAPIProjection, podCertificate PodCertificateProjection, secret SecretProjection,
    serviceAccountToken ServiceAccountTokenProjection`,
  VolumeResourceRequirements: 'limits map<Quantity>, requests map<Quantity>',
  VsphereVirtualDiskVolumeSource: `
    fsType string, storagePolicyID string, storagePolicyName string, volumePath string*`,
};
