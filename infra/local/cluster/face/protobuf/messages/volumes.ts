/** Volumes: those that are not tied to a vendor. See ../tables.ts for how to read them. */
export const VOLUMES: Record<string, string> = {
  Volume: '1 name string!, 2 ... VolumeSource',
  VolumeSource: `
    1 hostPath HostPathVolumeSource!, 2 emptyDir EmptyDirVolumeSource!, 6 secret SecretVolumeSource!,
    7 nfs NFSVolumeSource!, 10 persistentVolumeClaim PersistentVolumeClaimVolumeSource!,
    16 downwardAPI DownwardAPIVolumeSource!, 19 configMap ConfigMapVolumeSource!,
    26 projected ProjectedVolumeSource!, 28 csi CSIVolumeSource!, 30 image ImageVolumeSource!`,
  HostPathVolumeSource: '1 path string!, 2 type string!',
  EmptyDirVolumeSource: '1 medium string, 2 sizeLimit Quantity!',
  SecretVolumeSource: '1 secretName string, 2 items KeyToPath[], 3 defaultMode int32!, 4 optional bool!',
  KeyToPath: '1 key string!, 2 path string!, 3 mode int32!',
  NFSVolumeSource: '1 server string!, 2 path string!, 3 readOnly bool',
  PersistentVolumeClaimVolumeSource: '1 claimName string!, 2 readOnly bool',
  DownwardAPIVolumeSource: '1 items DownwardAPIVolumeFile[], 2 defaultMode int32!',
  DownwardAPIVolumeFile: `
    1 path string!, 2 fieldRef ObjectFieldSelector!, 3 resourceFieldRef ResourceFieldSelector!, 4 mode int32!`,
  ObjectFieldSelector: '1 apiVersion string, 2 fieldPath string!',
  ResourceFieldSelector: '1 containerName string, 2 resource string!, 3 divisor Quantity',
  ConfigMapVolumeSource: `
    1 ... LocalObjectReference, 2 items KeyToPath[], 3 defaultMode int32!, 4 optional bool!`,
  ProjectedVolumeSource: '1 sources VolumeProjection[], 2 defaultMode int32!',
  VolumeProjection: `
    1 secret SecretProjection!, 2 downwardAPI DownwardAPIProjection!, 3 configMap ConfigMapProjection!,
    4 serviceAccountToken ServiceAccountTokenProjection!`,
  SecretProjection: '1 ... LocalObjectReference, 2 items KeyToPath[], 4 optional bool!',
  DownwardAPIProjection: '1 items DownwardAPIVolumeFile[]',
  ConfigMapProjection: '1 ... LocalObjectReference, 2 items KeyToPath[], 4 optional bool!',
  ServiceAccountTokenProjection: '1 audience string, 2 expirationSeconds int64!, 3 path string!',
  CSIVolumeSource: `
    1 driver string!, 2 readOnly bool!, 3 fsType string!, 4 volumeAttributes map<string>,
    5 nodePublishSecretRef LocalObjectReference!`,
  ImageVolumeSource: '1 reference string, 2 pullPolicy string',
};
