/** What can be done for a Pod that differs from its SidecarSet in more than images. The SidecarSet has to ask for it. */

import { isRecord, sameJson } from '../../model/json.ts';
import type { ControllerRevision, Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_BEYOND_IMAGE, ANNOTATION_HASH } from '../../model/names.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import type { WaitingReason } from '../../model/waiting.ts';
import { SIDECAR_CONTAINER } from '../revision/containerShape.ts';
import { goJson } from '../revision/goJson.ts';
import { readPodHashes } from '../revision/podHashes.ts';
import { namesRevision } from '../revision/restore.ts';
import { list, normal } from '../revision/shape.ts';
import { coldSidecars, hotSidecars, type List } from './sidecars.ts';

/** `resize`: through `pods/resize`, if resources are all that differs. `recreate`: eviction, its owner makes another. */
export const BEYOND_IMAGE = ['resize', 'recreate'] as const;
export type BeyondImage = (typeof BEYOND_IMAGE)[number];

const words = ({ metadata: { annotations } }: SidecarSet): string[] =>
  (annotations?.[ANNOTATION_BEYOND_IMAGE] ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** What the SidecarSet asks for; words that mean nothing are passed over, validation has refused them. */
export const beyondImage = (set: SidecarSet): BeyondImage[] =>
  BEYOND_IMAGE.filter((way) => words(set).includes(way));

/** Words of the annotation that mean nothing. */
export const unknownWays = (set: SidecarSet): string[] =>
  words(set).filter((word) => !(BEYOND_IMAGE as readonly string[]).includes(word));

const CONTAINERS = list(SIDECAR_CONTAINER);

const shapeOf = (containers: unknown): string => {
  const bare = (Array.isArray(containers) ? containers : []).map((container: SidecarContainer) => ({
    ...container,
    image: '',
    resources: {},
  }));
  return goJson(normal(bare, CONTAINERS));
};

const amountsOf = (containers: unknown): string[] =>
  (Array.isArray(containers) ? containers : []).flatMap(({ name, resources }: SidecarContainer) =>
    (['limits', 'requests'] as const).flatMap((kind) =>
      Object.keys(resources?.[kind] ?? {}).map((resource) => `${name} ${kind} ${resource}`),
    ),
  );

/** Only images and resources differ, and no request or limit is taken away: that no Pod lets happen. */
const differsInAmounts = (before: unknown, after: unknown): boolean => {
  const kept = amountsOf(after);
  return shapeOf(before) === shapeOf(after) && amountsOf(before).every((amount) => kept.includes(amount));
};

/** The Pod's revision and the SidecarSet are the same but for images and resources. */
const isResizable = (set: SidecarSet, pod: Pod, history: ControllerRevision[]): boolean => {
  const name = readPodHashes(pod, ANNOTATION_HASH)?.[set.metadata.name]?.controllerRevision;
  const data = history.find(({ metadata }) => metadata.name === name)?.data;
  const spec = isRecord(data) && isRecord(data['spec']) ? data['spec'] : undefined;
  if (spec === undefined || hotSidecars(set).length > 0) return false;
  return (['initContainers', 'containers'] as const).every((part) =>
    differsInAmounts(spec[part], set.spec[part]),
  );
};

/** An owner makes another Pod in its place; one that runs to completion would lose its work. */
const hasHeir = ({ metadata, spec }: Pod): boolean =>
  (spec.restartPolicy ?? 'Always') === 'Always' &&
  (metadata.ownerReferences ?? []).some(({ controller }) => controller === true);

/** A new Pod gets the latest revision. */
const injectsLatest = (set: SidecarSet): boolean =>
  !set.spec.injectionStrategy?.paused && !namesRevision(set);

/** Whether a Pod is evicted, so that its owner makes another, or why not. */
export const recreation = (set: SidecarSet, pod: Pod): 'recreate' | WaitingReason => {
  if (!beyondImage(set).includes('recreate')) return 'BeyondImage';
  if (!hasHeir(pod)) return 'NotRecreatable';
  return injectsLatest(set) ? 'recreate' : 'InjectionPinned';
};

/** How a Pod that is not upgradable in place is upgraded all the same, or why it is not. */
export const wayBeyondImage = (
  set: SidecarSet,
  pod: Pod,
  history: ControllerRevision[],
): BeyondImage | WaitingReason =>
  beyondImage(set).includes('resize') && isResizable(set, pod, history) ? 'resize' : recreation(set, pod);

export interface ResizePatch {
  metadata: { uid?: string; resourceVersion?: string };
  spec: Partial<Record<List, { name: string; resources: SidecarContainer['resources'] }[]>>;
}

/** A strategic merge patch of `pods/resize`; `undefined` if the Pod has all these resources already. */
export const resizePatch = (set: SidecarSet, pod: Pod): ResizePatch | undefined => {
  const { uid, resourceVersion } = pod.metadata;
  const spec: ResizePatch['spec'] = {};
  for (const { list: part, sidecar, container } of coldSidecars(set, pod)) {
    const { name, resources, resourcesPolicy } = sidecar;
    const inPod = container.resources;
    const wanted = {
      ...inPod,
      limits: { ...inPod?.limits, ...resources?.limits },
      requests: { ...inPod?.requests, ...resources?.requests },
    };
    if (
      resources === undefined ||
      resourcesPolicy !== undefined ||
      sameJson({ limits: {}, requests: {}, ...inPod }, wanted)
    )
      continue;
    spec[part] = [...(spec[part] ?? []), { name, resources }];
  }
  return Object.keys(spec).length === 0 ? undefined : { metadata: { uid, resourceVersion }, spec };
};
