import { isDeepStrictEqual } from 'node:util';
import { selects } from '../../shared/core/labels/selector.ts';
import type { LabelSelector, Pod } from '../../shared/model/kubernetes.ts';
import { ANNOTATION_LAUNCH_COMPLETED } from '../../shared/model/names.ts';
import { SIDECARSETS } from '../../shared/model/resources.ts';
import type { UpdateStrategy } from '../../shared/model/sidecarset.ts';
import type { Manifest } from '../manifests.ts';
import { type ServiceStory, type Step, serviceChecks } from './checks/service.ts';
import type { Check } from './report.ts';
import type { Scene } from './scene.ts';
import { isServing } from './serving.ts';
import { numbersByPod, readSink } from './sink.ts';

export interface ServicePart {
  deployment: Manifest;
  /** The SidecarSet that is upgraded; it is applied already. */
  sidecarSet: string;
  /** Its container, and the one it stands beside. */
  sidecar: string;
  main: string;
  /** Tag that its image is moved to. */
  toTag: string;
}

const MAX_UNAVAILABLE = '20%';

/** The user's three commands, and how many of ten Pods each may move. */
const STEPS: { name: string; strategy: UpdateStrategy; expected: number }[] = [
  { name: 'partition 90%', strategy: { partition: '90%', maxUnavailable: MAX_UNAVAILABLE }, expected: 1 },
  { name: 'paused', strategy: { partition: 0, paused: true }, expected: 0 },
  { name: 'resumed', strategy: { paused: false }, expected: 9 },
];

interface Deployment {
  replicas: number;
  selector: LabelSelector;
}

const images = (pod: Pod): string[] => pod.spec.containers.map(({ image }) => image ?? '');

const movedBetween = (before: Pod[], after: Pod[]): string[] => {
  const old = new Map(before.map((pod) => [pod.metadata.name, images(pod)]));
  return after
    .filter((pod) => !isDeepStrictEqual(old.get(pod.metadata.name), images(pod)))
    .map(({ metadata }) => metadata.name);
};

const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.annotations?.[ANNOTATION_LAUNCH_COMPLETED] === 'true' &&
  status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

const withTag = (image: string, tag: string): string => `${image.slice(0, image.lastIndexOf(':'))}:${tag}`;

const containersWithTag = (scene: Scene, { sidecarSet, toTag }: ServicePart) =>
  scene.stage
    .sidecarSet(sidecarSet)
    ?.spec.containers?.map((container) => ({ ...container, image: withTag(container.image ?? '', toTag) }));

const playSteps = async (scene: Scene, part: ServicePart, pods: () => Pod[]): Promise<Step[]> => {
  const steps: Step[] = [];
  const containers = containersWithTag(scene, part);
  for (const { name, strategy, expected } of STEPS) {
    const before = pods();
    scene.timeline.say(`\nSidecarSet ${part.sidecarSet}: image ${part.toTag}, ${name}`);
    const patch = { spec: { containers, updateStrategy: strategy } };
    await scene.cluster.patch(SIDECARSETS, { name: part.sidecarSet }, patch, { type: 'merge' });
    const enough = () =>
      movedBetween(before, pods()).length >= expected &&
      pods().every((pod) => isServing(pod)) &&
      scene.isQuiet();
    const settled = await scene.settle(part.sidecarSet, enough);
    steps.push({ name, expected, moved: movedBetween(before, pods()), settled });
  }
  return steps;
};

/** Runs the service, upgrades its sidecar in batches and returns the checks on what happened. */
export const playService = async (scene: Scene, part: ServicePart): Promise<Check[]> => {
  const { stage, timeline } = scene;
  const { replicas, selector } = part.deployment.spec as Deployment;
  const pods = () => stage.pods().filter(({ metadata }) => selects(selector, metadata.labels));
  timeline.say(`\nA service of ${replicas} Pods, whose sidecar is upgraded in place`);
  await scene.apply(part.deployment);
  await stage.until(() => (pods().filter(isReady).length === replicas ? true : undefined), scene.patience);
  await scene.settle(part.sidecarSet);

  const before = pods();
  const [firstFact, firstSight] = [stage.facts.length, stage.sights.length];
  const steps = await playSteps(scene, part, pods);
  const uids = new Set(before.map(({ metadata }) => metadata.uid));
  const names = new Set(before.map(({ metadata }) => metadata.name));
  const shipped = (await readSink(scene.sink)).filter(({ pod }) => names.has(pod));
  const story: ServiceStory = {
    sidecar: part.sidecar,
    main: part.main,
    before,
    after: pods(),
    steps,
    maxUnavailable: Math.ceil((replicas * Number.parseInt(MAX_UNAVAILABLE, 10)) / 100),
    sights: stage.sights.slice(firstSight).filter(({ pod }) => names.has(pod.metadata.name)),
    facts: stage.facts.slice(firstFact).filter(({ uid }) => uids.has(uid)),
    shipped: numbersByPod(shipped),
  };
  return serviceChecks(story);
};
