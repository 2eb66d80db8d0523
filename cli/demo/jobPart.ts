import { selects } from '../../shared/core/labels/selector.ts';
import type { Volume } from '../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { Manifest } from '../manifests.ts';
import { type JobStory, jobChecks } from './checks/job.ts';
import type { Check } from './report.ts';
import type { Scene } from './scene.ts';
import { readSink } from './sink.ts';
import type { Job } from './stage.ts';

export interface JobManifests {
  sidecarSet: Manifest;
  job: Manifest;
  /** Applied first: Secrets and whatever else came in the same files. */
  others: Manifest[];
  /** A Pod that no SidecarSet selects. */
  bystander?: Manifest;
}

const asSet = (manifest: Manifest): SidecarSet => manifest as unknown as SidecarSet;
const asJob = (manifest: Manifest): Job => manifest as unknown as Job;

const secretNames = ({ sidecarSet, job }: JobManifests): string[] => {
  const volumes: Volume[] = [
    ...(asSet(sidecarSet).spec.volumes ?? []),
    ...(asJob(job).spec.template.spec.volumes ?? []),
  ];
  return [...new Set(volumes.flatMap(({ secret }) => secret?.secretName ?? []))];
};

/** Secrets that the manifests name but nobody gave: created empty, and said. */
const missingSecrets = (manifests: JobManifests): Manifest[] => {
  const given = new Set(
    manifests.others.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name),
  );
  return secretNames(manifests)
    .filter((name) => !given.has(name))
    .map((name) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: manifests.job.metadata.namespace },
    }));
};

const numberIn = (pattern: RegExp, words: (string[] | undefined)[]): number | undefined => {
  const found = pattern.exec(words.flatMap((list) => list ?? []).join(' '))?.[1];
  return found === undefined ? undefined : Number(found);
};

const verdict = (job: Job | undefined): string | undefined =>
  job?.status?.conditions?.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  )?.type;

/** What the manifests promise, and what came of it. */
const tell = async (scene: Scene, manifests: JobManifests): Promise<JobStory> => {
  const { stage, sink } = scene;
  const set = asSet(manifests.sidecarSet).spec;
  const template = asJob(manifests.job).spec.template as Job['spec']['template'] & {
    metadata?: { labels?: Record<string, string> };
  };
  const name = manifests.job.metadata.name;
  const pods = stage.pods();
  const pod = pods.find(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name));
  const selected = set.selector !== undefined && selects(set.selector, template.metadata?.labels);
  const shipped = (await readSink(sink)).filter((line) => line.pod === pod?.metadata.name);
  return {
    job: name,
    mains: template.spec.containers.map((container) => container.name),
    sidecars: selected ? (set.containers ?? []).map((container) => container.name) : [],
    pod,
    bystander: pods.find(({ metadata }) => metadata.name === manifests.bystander?.metadata.name),
    verdict: verdict(stage.job(name)),
    facts: stage.facts.filter(({ uid }) => uid === pod?.metadata.uid),
    shipped: shipped.map(({ line }) => line),
    lines: numberIn(
      /--total-count=(\d+)/,
      template.spec.containers.flatMap(({ command, args }) => [command, args]),
    ),
    drainSeconds: numberIn(
      /start_and_block\s+(\d+)/,
      (set.containers ?? []).flatMap(({ command, args }) => [command, args]),
    ),
    warning: stage.lastWarning(),
  };
};

/** Applies the manifests, waits for the Job's verdict and returns the checks on what happened. */
export const playJob = async (scene: Scene, manifests: JobManifests): Promise<Check[]> => {
  const { stage, timeline } = scene;
  timeline.say('\nA Job with a log sidecar');
  const secrets = missingSecrets(manifests);
  for (const { metadata } of secrets) timeline.say(`Secret ${metadata.name} was not given: created empty`);
  await scene.apply(...secrets, ...manifests.others, manifests.sidecarSet);
  if (manifests.bystander) await scene.apply(manifests.bystander);
  await scene.apply(manifests.job);
  await stage.until(() => verdict(stage.job(manifests.job.metadata.name)), scene.patience);
  const settled = await scene.settle(manifests.sidecarSet.metadata.name);
  return [...jobChecks(await tell(scene, manifests)), settled];
};
