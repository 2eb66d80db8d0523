/** Sound documents that use every feature, to be mutated. */
export const SET = {
  apiVersion: 'apps.kruise.io/v1beta1',
  kind: 'SidecarSet',
  metadata: {
    name: 'set',
    uid: 'uid-1',
    labels: { team: 'x' },
    annotations: { 'apps.kruise.io/sidecarset-canary': 'true', 'apps.kruise.io/sidecarset-base': 'base' },
  },
  spec: {
    selector: {
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db'] }],
    },
    namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
    initContainers: [
      { name: 'native', image: 'native:1', restartPolicy: 'Always', podInjectPolicy: 'BeforeAppContainer' },
    ],
    containers: [
      {
        name: 'logs',
        image: 'logs:1',
        env: [
          { name: 'KRUISE_CONTAINER_PRIORITY', value: '100' },
          { name: 'PASSWORD', value: 'hunter2' },
          { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        ],
        resources: { limits: { cpu: '500m', memory: '1Gi' } },
        volumeMounts: [{ name: 'v', mountPath: '/v', subPathExpr: '$(POD)' }],
        shareVolumePolicy: { type: 'enabled' },
        shareVolumeDevicePolicy: { type: 'enabled' },
        transferEnv: [
          { sourceContainerName: 'main', envNames: ['A', 'B'] },
          { sourceContainerNameFrom: { fieldRef: { fieldPath: "metadata.labels['main']" } }, envName: 'A' },
        ],
        lifecycle: { preStop: { httpGet: { port: 80 } } },
        livenessProbe: { httpGet: { port: 'http' } },
      },
      {
        name: 'mesh',
        image: 'mesh:1',
        upgradeStrategy: { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: 'empty:1' },
        resourcesPolicy: {
          targetContainersMode: 'max',
          targetContainersNameRegex: '^main$',
          resourcesExpr: { limits: { cpu: 'max(cpu*50%, 50m)' }, requests: { memory: 'memory/2' } },
        },
      },
    ],
    volumes: [{ name: 'v', secret: { secretName: 's' } }],
    updateStrategy: {
      type: 'NotUpdate',
      partition: '50%',
      maxUnavailable: 2,
      selector: { matchLabels: { canary: 'true' } },
      priorityStrategy: { weightPriority: [{ weight: 50, matchSelector: { matchLabels: { a: 'b' } } }] },
      scatterStrategy: [{ key: 'zone', value: '*' }],
    },
    injectionStrategy: { revision: { customVersion: 'v1', policy: 'Partial' } },
    imagePullSecrets: [{ name: 'pull' }],
    patchPodMetadata: [{ annotations: { a: '{"b":1.50}' }, patchPolicy: 'MergePatchJson' }],
    revisionHistoryLimit: 5,
    customVersion: 'v2',
  },
  status: { matchedPods: 1, updatedPods: 1, readyPods: 1, latestRevision: 'set-1' },
};

export const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    generateName: 'pod-',
    namespace: 'default',
    labels: { app: 'web', main: 'main' },
    annotations: {
      a: '{"c":2}',
      'kruise.io/sidecarset-hash': '{"old":"hash"}',
      'kruise.io/sidecarset-injected-list': 'old',
    },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'job', uid: 'uid-2', controller: true }],
  },
  spec: {
    restartPolicy: 'Never',
    initContainers: [{ name: 'setup', image: 'setup:1' }],
    containers: [
      {
        name: 'main',
        image: 'main:1',
        env: [
          { name: 'A', value: 'a' },
          { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ],
        volumeMounts: [{ name: 'own', mountPath: '/own', subPathExpr: '$(POD)' }],
        volumeDevices: [{ name: 'device', devicePath: '/dev/x' }],
        resources: { limits: { cpu: '1', memory: '1Gi' } },
      },
    ],
    volumes: [{ name: 'own', emptyDir: {} }],
    imagePullSecrets: [{ name: 'own' }],
  },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { name: 'main', image: 'main:1', ready: true, restartCount: 0, state: { running: {} } },
    ],
  },
};

export const REVISION = {
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: {
    name: 'set-1',
    namespace: 'sidecarset-system',
    labels: { 'kruise.io/sidecarset-name': 'set', 'apps.kruise.io/sidecarset-custom-version': 'v1' },
  },
  revision: 1,
  data: { spec: { $patch: 'replace', containers: [{ name: 'logs', image: 'logs:0' }], volumes: null } },
};
