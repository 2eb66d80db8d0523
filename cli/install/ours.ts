import type { KubernetesObject } from '../../shared/model/kubernetes.ts';

const LABEL = 'app.kubernetes.io/part-of';
const PROJECT = 'sidecarset-serverless';

/** Every object of `infra/cluster` carries the label; an object of the same name without it is somebody else's. */
export const isOurs = ({ metadata }: KubernetesObject): boolean => metadata.labels?.[LABEL] === PROJECT;
