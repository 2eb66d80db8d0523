/** SidecarSet (`v1beta1`) as far as its types are checked before it is used. */
import { SIDECAR_CONTAINER } from '../revision/containerShape.ts';
import {
  FLAG,
  INTEGER,
  INTEGER_OR_TEXT,
  list,
  map,
  QUANTITY,
  type Shape,
  struct,
  TEXT,
} from '../revision/shape.ts';

export const SELECTOR = struct({
  matchLabels: map(TEXT),
  matchExpressions: list(struct({ key: TEXT, operator: TEXT, values: list(TEXT) })),
});

const ITEMS = list(struct({ key: TEXT, path: TEXT, mode: INTEGER }));

const DOWNWARD_ITEMS = list(
  struct({
    path: TEXT,
    mode: INTEGER,
    fieldRef: struct({ apiVersion: TEXT, fieldPath: TEXT }),
    resourceFieldRef: struct({ containerName: TEXT, resource: TEXT, divisor: QUANTITY }),
  }),
);

const VOLUME = struct({
  name: TEXT,
  emptyDir: struct({ medium: TEXT, sizeLimit: QUANTITY }),
  hostPath: struct({ path: TEXT, type: TEXT }),
  secret: struct({ secretName: TEXT, defaultMode: INTEGER, items: ITEMS, optional: FLAG }),
  configMap: struct({ name: TEXT, defaultMode: INTEGER, items: ITEMS, optional: FLAG }),
  downwardAPI: struct({ items: DOWNWARD_ITEMS, defaultMode: INTEGER }),
  projected: struct({
    defaultMode: INTEGER,
    sources: list(
      struct({
        serviceAccountToken: struct({ audience: TEXT, expirationSeconds: INTEGER, path: TEXT }),
        downwardAPI: struct({ items: DOWNWARD_ITEMS }),
      }),
    ),
  }),
});

const UPDATE_STRATEGY = struct({
  type: TEXT,
  paused: FLAG,
  selector: SELECTOR,
  partition: INTEGER_OR_TEXT,
  maxUnavailable: INTEGER_OR_TEXT,
  priorityStrategy: struct({
    orderPriority: list(struct({ orderedKey: TEXT })),
    weightPriority: list(struct({ weight: INTEGER, matchSelector: SELECTOR })),
  }),
  scatterStrategy: list(struct({ key: TEXT, value: TEXT })),
});

const INJECTION_STRATEGY = struct({
  paused: FLAG,
  revision: struct({ customVersion: TEXT, revisionName: TEXT, policy: TEXT }),
});

const METADATA = struct({
  name: TEXT,
  generateName: TEXT,
  labels: map(TEXT),
  annotations: map(TEXT),
});

const SPEC = struct({
  selector: SELECTOR,
  namespaceSelector: SELECTOR,
  initContainers: list(SIDECAR_CONTAINER),
  containers: list(SIDECAR_CONTAINER),
  volumes: list(VOLUME),
  updateStrategy: UPDATE_STRATEGY,
  injectionStrategy: struct({
    paused: FLAG,
    revision: struct({ customVersion: TEXT, revisionName: TEXT, policy: TEXT }),
  }),
  imagePullSecrets: list(struct({ name: TEXT })),
  revisionHistoryLimit: INTEGER,
  patchPodMetadata: list(struct({ annotations: map(TEXT), patchPolicy: TEXT })),
  customVersion: TEXT,
});

export const SIDECARSET: Shape = struct({ metadata: METADATA, spec: SPEC });

/** What decides whether a stored SidecarSet selects a Pod. */
export const SELECTING: Shape = struct({
  metadata: METADATA,
  spec: struct({
    selector: SELECTOR,
    namespaceSelector: SELECTOR,
    injectionStrategy: INJECTION_STRATEGY,
  }),
});
