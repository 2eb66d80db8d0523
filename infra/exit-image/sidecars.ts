/** Which containers of manifests are ended by an exit image. */
import { SIDECAR_CONTAINER } from '../../shared/core/revision/containerShape.ts';
import { list, struct } from '../../shared/core/revision/shape.ts';
import { wrongTypes } from '../../shared/core/validation/wrongTypes.ts';
import { isRecord } from '../../shared/model/json.ts';
import type { Container } from '../../shared/model/kubernetes.ts';
import { ENV_TERMINATE_WITH_IMAGE } from '../../shared/model/names.ts';
import { fullName } from './reference.ts';

export interface Sidecar {
  container: Container;
  /** Where it stands: the place of its object, and its field. */
  at: string;
  /** Its exit image, by its full name. */
  image: string;
}

export interface Found {
  sidecars: Sidecar[];
  faults: string[];
}

/** Where Pods and SidecarSets, workloads, CronJobs and AdvancedCronJobs have their containers. */
const POD_SPECS = [
  'spec',
  'spec.template.spec',
  'spec.jobTemplate.spec.template.spec',
  'spec.template.jobTemplate.spec.template.spec',
];

const SHAPE = struct({ containers: list(SIDECAR_CONTAINER), initContainers: list(SIDECAR_CONTAINER) });

const valueAt = (object: unknown, path: string): unknown =>
  path.split('.').reduce((value, key) => (isRecord(value) ? value[key] : undefined), object);

/** Init containers end by themselves unless they are native sidecars. */
const isEnded = (list: string, { restartPolicy }: Container): boolean =>
  list === 'containers' || restartPolicy === 'Always';

const fault = (...faults: string[]): Found => ({ sidecars: [], faults });

/** As the functions read it: of duplicates the last counts, an empty value is none. */
const sidecarOf = (container: Container, at: string): Found => {
  const index = container.env?.findLastIndex(({ name }) => name === ENV_TERMINATE_WITH_IMAGE) ?? -1;
  const variable = container.env?.[index];
  const field = `${at}.env[${index}]`;
  if (variable?.valueFrom) {
    return fault(
      `${field}.valueFrom: ${ENV_TERMINATE_WITH_IMAGE} counts only as a literal: give it a \`value\``,
    );
  }
  if (!variable?.value) return fault();
  const image = fullName(variable.value);
  if (image === undefined)
    return fault(`${field}.value: ${JSON.stringify(variable.value)} is not the name of an image`);
  return { sidecars: [{ container, at, image }], faults: [] };
};

const inPodSpec = (spec: unknown, at: string): Found[] => {
  const faults = wrongTypes(spec, SHAPE, at).map(({ field, message }) => `${field}: ${message}`);
  if (faults.length > 0) return [fault(...faults)];
  return ['containers', 'initContainers'].flatMap((list) => {
    const containers = (valueAt(spec, list) ?? []) as Container[];
    return containers.flatMap((container, index) =>
      isEnded(list, container) ? [sidecarOf(container, `${at}.${list}[${index}]`)] : [],
    );
  });
};

/** Looks at every place where an object of any kind may have containers. @param place what faults call the object */
export const findSidecars = (object: unknown, place: string): Found => {
  const found = POD_SPECS.flatMap((path) => inPodSpec(valueAt(object, path), `${place}: ${path}`));
  return {
    sidecars: found.flatMap(({ sidecars }) => sidecars),
    faults: found.flatMap(({ faults }) => faults),
  };
};
