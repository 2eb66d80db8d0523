/** `core/v1.Container` of Kubernetes 1.32 with OpenKruise's additions, fields in the order of the Go types. */
import {
  always,
  FLAG,
  INTEGER,
  INTEGER_OR_TEXT,
  list,
  map,
  orNull,
  QUANTITY,
  struct,
  TEXT,
  whenSet,
} from './shape.ts';

const PORT = struct({
  name: TEXT,
  hostPort: INTEGER,
  containerPort: always(INTEGER),
  protocol: TEXT,
  hostIP: TEXT,
});

const FIELD_REF = struct({ apiVersion: TEXT, fieldPath: always(TEXT) });
const KEY_REF = struct({ name: TEXT, key: always(TEXT), optional: whenSet(FLAG) });
const SOURCE_REF = struct({ name: TEXT, optional: whenSet(FLAG) });

export const ENV = struct({
  name: always(TEXT),
  value: TEXT,
  valueFrom: whenSet(
    struct({
      fieldRef: whenSet(FIELD_REF),
      resourceFieldRef: whenSet(
        struct({ containerName: TEXT, resource: always(TEXT), divisor: always(QUANTITY) }),
      ),
      configMapKeyRef: whenSet(KEY_REF),
      secretKeyRef: whenSet(KEY_REF),
    }),
  ),
});

const ENV_FROM = struct({
  prefix: TEXT,
  configMapRef: whenSet(SOURCE_REF),
  secretRef: whenSet(SOURCE_REF),
});

export const RESOURCES = struct({
  limits: map(QUANTITY),
  requests: map(QUANTITY),
  claims: list(struct({ name: always(TEXT), request: TEXT })),
});

export const MOUNT = struct({
  name: always(TEXT),
  readOnly: FLAG,
  recursiveReadOnly: whenSet(TEXT),
  mountPath: always(TEXT),
  subPath: TEXT,
  mountPropagation: whenSet(TEXT),
  subPathExpr: TEXT,
});

export const DEVICE = struct({ name: always(TEXT), devicePath: always(TEXT) });

const EXEC = struct({ command: list(TEXT) });
const TCP_SOCKET = struct({ port: always(INTEGER_OR_TEXT), host: TEXT });
const HTTP_GET = struct({
  path: TEXT,
  port: always(INTEGER_OR_TEXT),
  host: TEXT,
  scheme: TEXT,
  httpHeaders: list(struct({ name: always(TEXT), value: always(TEXT) })),
});

const PROBE = struct({
  exec: whenSet(EXEC),
  httpGet: whenSet(HTTP_GET),
  tcpSocket: whenSet(TCP_SOCKET),
  grpc: whenSet(struct({ port: always(INTEGER), service: orNull(TEXT) })),
  initialDelaySeconds: INTEGER,
  timeoutSeconds: INTEGER,
  periodSeconds: INTEGER,
  successThreshold: INTEGER,
  failureThreshold: INTEGER,
  terminationGracePeriodSeconds: whenSet(INTEGER),
});

const HANDLER = struct({
  exec: whenSet(EXEC),
  httpGet: whenSet(HTTP_GET),
  tcpSocket: whenSet(TCP_SOCKET),
  sleep: whenSet(struct({ seconds: always(INTEGER) })),
});

const PROFILE = struct({ type: always(TEXT), localhostProfile: whenSet(TEXT) });

const SECURITY_CONTEXT = struct({
  capabilities: whenSet(struct({ add: list(TEXT), drop: list(TEXT) })),
  privileged: whenSet(FLAG),
  seLinuxOptions: whenSet(struct({ user: TEXT, role: TEXT, type: TEXT, level: TEXT })),
  windowsOptions: whenSet(
    struct({
      gmsaCredentialSpecName: whenSet(TEXT),
      gmsaCredentialSpec: whenSet(TEXT),
      runAsUserName: whenSet(TEXT),
      hostProcess: whenSet(FLAG),
    }),
  ),
  runAsUser: whenSet(INTEGER),
  runAsGroup: whenSet(INTEGER),
  runAsNonRoot: whenSet(FLAG),
  readOnlyRootFilesystem: whenSet(FLAG),
  allowPrivilegeEscalation: whenSet(FLAG),
  procMount: whenSet(TEXT),
  seccompProfile: whenSet(PROFILE),
  appArmorProfile: whenSet(PROFILE),
});

const TRANSFER_ENV = struct({
  sourceContainerName: TEXT,
  sourceContainerNameFrom: whenSet(struct({ fieldRef: whenSet(FIELD_REF) })),
  envName: TEXT,
  envNames: list(TEXT),
});

const EXPRESSIONS = struct({ cpu: TEXT, memory: TEXT });

const RESOURCES_POLICY = struct({
  targetContainersMode: always(TEXT),
  targetContainersNameRegex: TEXT,
  resourcesExpr: always(struct({ limits: whenSet(EXPRESSIONS), requests: whenSet(EXPRESSIONS) })),
});

export const SIDECAR_CONTAINER = struct({
  name: always(TEXT),
  image: TEXT,
  command: list(TEXT),
  args: list(TEXT),
  workingDir: TEXT,
  ports: list(PORT),
  envFrom: list(ENV_FROM),
  env: list(ENV),
  resources: always(RESOURCES),
  resizePolicy: list(struct({ resourceName: always(TEXT), restartPolicy: always(TEXT) })),
  restartPolicy: whenSet(TEXT),
  volumeMounts: list(MOUNT),
  volumeDevices: list(DEVICE),
  livenessProbe: whenSet(PROBE),
  readinessProbe: whenSet(PROBE),
  startupProbe: whenSet(PROBE),
  lifecycle: whenSet(struct({ postStart: whenSet(HANDLER), preStop: whenSet(HANDLER) })),
  terminationMessagePath: TEXT,
  terminationMessagePolicy: TEXT,
  imagePullPolicy: TEXT,
  securityContext: whenSet(SECURITY_CONTEXT),
  stdin: FLAG,
  stdinOnce: FLAG,
  tty: FLAG,
  podInjectPolicy: TEXT,
  upgradeStrategy: always(struct({ upgradeType: TEXT, hotUpgradeEmptyImage: TEXT })),
  shareVolumePolicy: always(struct({ type: TEXT })),
  shareVolumeDevicePolicy: whenSet(struct({ type: TEXT })),
  transferEnv: list(TRANSFER_ENV),
  resourcesPolicy: whenSet(RESOURCES_POLICY),
});
