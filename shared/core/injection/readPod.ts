/** A Pod as far as the injection reads it. The API server sends sound ones; whatever else calls is told what is wrong. */
import { isRecord } from '../../model/json.ts';
import type { Pod, StatusCause } from '../../model/kubernetes.ts';
import { DEVICE, ENV, MOUNT, RESOURCES } from '../revision/containerShape.ts';
import { list, map, struct, TEXT } from '../revision/shape.ts';
import { required } from '../validation/cause.ts';
import { withoutNulls } from '../validation/nulls.ts';
import { wrongTypes } from '../validation/wrongTypes.ts';

const CONTAINER = struct({
  name: TEXT,
  image: TEXT,
  env: list(ENV),
  resources: RESOURCES,
  restartPolicy: TEXT,
  volumeMounts: list(MOUNT),
  volumeDevices: list(DEVICE),
});

const POD = struct({
  metadata: struct({
    name: TEXT,
    generateName: TEXT,
    namespace: TEXT,
    deletionTimestamp: TEXT,
    labels: map(TEXT),
    annotations: map(TEXT),
  }),
  spec: struct({
    initContainers: list(CONTAINER),
    containers: list(CONTAINER),
    volumes: list(struct({ name: TEXT })),
    imagePullSecrets: list(struct({ name: TEXT })),
    nodeSelector: map(TEXT),
    os: struct({ name: TEXT }),
    restartPolicy: TEXT,
  }),
  status: struct({ phase: TEXT }),
});

export type ReadPod = { kind: 'read'; pod: Pod } | { kind: 'refused'; causes: StatusCause[] };

/** The Pod without `null` fields, or where it has a wrong type. */
export const readPod = (object: unknown): ReadPod => {
  const missing = isRecord(object) && !isRecord(object['spec']) ? [required('spec')] : [];
  const causes = [...missing, ...wrongTypes(object, POD, '')];
  return causes.length > 0 ? { kind: 'refused', causes } : { kind: 'read', pod: withoutNulls(object) as Pod };
};
