/** The verdicts on the Job part, from what was recorded. Pure. */
import type { NodeFact } from '../../../infra/local/cluster/node/facts.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import type { Check } from '../report.ts';

export interface JobStory {
  job: string;
  /** Containers of the Job's own template. */
  mains: string[];
  /** Containers that the SidecarSet adds; empty if it does not select the Job's Pods. */
  sidecars: string[];
  /** The Job's Pod as it was last seen. */
  pod: Pod | undefined;
  /** A Pod without the label, as it was last seen; absent when none was played. */
  bystander?: Pod;
  /** Type of the Job's final condition. */
  verdict: string | undefined;
  /** What happened in the Job's Pod. */
  facts: NodeFact[];
  /** Log lines of the Job's Pod in the sink. */
  shipped: string[];
  /** How many lines the Job writes, if its manifest says so. */
  lines: number | undefined;
  /** The sidecar's own limit for shipping the rest after SIGTERM, if its command says so. */
  drainSeconds: number | undefined;
  /** Why something may not have happened: the newest Warning event. */
  warning: string | undefined;
}

const find = (story: JobStory, container: string, what: NodeFact['what']): NodeFact | undefined =>
  story.facts.find((fact) => fact.container === container && fact.what === what);

const seconds = (from: Date, to: Date): string => `${((to.getTime() - from.getTime()) / 1000).toFixed(2)} s`;

const because = (story: JobStory, what: string): string =>
  story.warning === undefined ? what : `${what}; last warning: ${story.warning}`;

const injection = (story: JobStory): Check => {
  const names = story.pod?.spec.containers.map(({ name }) => name);
  const expected = [...story.mains, ...story.sidecars].sort().join();
  const what =
    story.sidecars.length === 0 ? 'is left alone' : `is injected with ${story.sidecars.join(', ')}`;
  return {
    name: `the Job's Pod ${what}`,
    ok: [...(names ?? [])].sort().join() === expected,
    detail: names ? `containers: ${names.join(', ')}` : because(story, `Job ${story.job} has no Pod`),
  };
};

const bystander = ({ bystander: pod, sidecars }: JobStory): Check[] => {
  if (!pod) return [];
  const names = pod.spec.containers.map(({ name }) => name);
  return [
    {
      name: 'a Pod without the label is not injected',
      ok: sidecars.every((sidecar) => !names.includes(sidecar)),
      detail: `containers of ${pod.metadata.name}: ${names.join(', ')}`,
    },
  ];
};

/** Running means: started before, and not ended by then. */
const startOrder = (story: JobStory, sidecar: string, main: string): Check => {
  const name = `${sidecar} runs before ${main} starts`;
  const [first, second] = [find(story, sidecar, 'started'), find(story, main, 'started')];
  const ended = find(story, sidecar, 'exited');
  if (!second) return { name, ok: false, detail: because(story, `${main} never started`) };
  if (!first) return { name, ok: false, detail: because(story, `${sidecar} never started`) };
  return {
    name,
    ok: first.at < second.at && (ended === undefined || ended.at > second.at),
    detail: `${main} started ${seconds(first.at, second.at)} after ${sidecar}`,
  };
};

const signal = (story: JobStory, sidecar: string, lastMain: NodeFact | undefined): Check => {
  const name = `${sidecar} gets SIGTERM once every main container has ended`;
  const signalled = find(story, sidecar, 'signalled');
  if (!lastMain) return { name, ok: false, detail: because(story, 'the main containers did not end') };
  if (!signalled) return { name, ok: false, detail: because(story, 'never signalled') };
  const delay = seconds(lastMain.at, signalled.at);
  return {
    name,
    ok: signalled.at >= lastMain.at,
    detail: `${signalled.detail}, ${delay} after the last main container`,
  };
};

const exit = (story: JobStory, sidecar: string): Check => {
  const limit = story.drainSeconds ?? Number.POSITIVE_INFINITY;
  const within = Number.isFinite(limit) ? `, within its ${limit} s` : '';
  const name = `${sidecar} ends by itself, exit code 0${within}`;
  const [signalled, exited] = [find(story, sidecar, 'signalled'), find(story, sidecar, 'exited')];
  if (!signalled) return { name, ok: false, detail: because(story, 'never signalled') };
  if (!exited) return { name, ok: false, detail: because(story, `still running after ${signalled.detail}`) };
  const took = (exited.at.getTime() - signalled.at.getTime()) / 1000;
  return {
    name,
    ok: exited.exitCode === 0 && took >= 0 && took <= limit,
    detail: `${exited.detail}, ${took.toFixed(2)} s after the signal`,
  };
};

const completion = (story: JobStory): Check => {
  const phase = story.pod?.status?.phase;
  const ok = phase === 'Succeeded' && story.verdict === 'Complete';
  const detail = `Pod ${phase ?? 'missing'}, Job ${story.verdict ?? 'not finished'}`;
  return {
    name: 'the Pod is Succeeded and the Job Complete',
    ok,
    detail: ok ? detail : because(story, detail),
  };
};

const delivery = ({ shipped, lines }: JobStory): Check => {
  const twice = shipped.length - new Set(shipped).size;
  return {
    name:
      lines === undefined
        ? 'no line is in the sink twice'
        : `the sink holds exactly ${lines} lines, none twice`,
    ok: twice === 0 && (lines === undefined || shipped.length === lines),
    detail: `${shipped.length} lines, ${twice} of them repeated`,
  };
};

/** Every check of the Job part, in the order in which things happen. */
export const jobChecks = (story: JobStory): Check[] => {
  const ends = story.mains.map((main) => find(story, main, 'exited'));
  const lastMain = ends.every((end) => end !== undefined)
    ? ends.toSorted((a, b) => a.at.getTime() - b.at.getTime()).at(-1)
    : undefined;
  return [
    injection(story),
    ...bystander(story),
    ...story.sidecars.flatMap((sidecar) => story.mains.map((main) => startOrder(story, sidecar, main))),
    ...story.sidecars.flatMap((sidecar) => [signal(story, sidecar, lastMain), exit(story, sidecar)]),
    completion(story),
    delivery(story),
  ];
};
