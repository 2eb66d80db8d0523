/** The verdicts on the upgrade of a running service, from what was recorded. Pure. */
import type { NodeFact } from '../../../infra/local/cluster/node/facts.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import type { Check } from '../report.ts';
import { isServing } from '../serving.ts';
import type { PodSight } from '../stage.ts';

export interface Step {
  /** `partition 90%`, `paused` ... */
  name: string;
  /** How many Pods this step may move. */
  expected: number;
  moved: string[];
  /** Whether the SidecarSet's status agreed with the Pods once the step was over. */
  settled: Check;
}

export interface ServiceStory {
  sidecar: string;
  main: string;
  /** The Pods before the first step and after the last. */
  before: Pod[];
  after: Pod[];
  steps: Step[];
  maxUnavailable: number;
  /** Since just before the first step. */
  sights: PodSight[];
  facts: NodeFact[];
  /** Sequence numbers of the lines in the sink, by Pod name, in the sink's order. */
  shipped: Map<string, number[]>;
}

const steps = ({ steps: all }: ServiceStory): Check[] =>
  all.map(({ name, expected, moved }) => ({
    name: `${name}: ${expected === 0 ? 'no Pod moves' : `${expected} ${expected === 1 ? 'Pod moves' : 'Pods move'}`}`,
    ok: moved.length === expected,
    detail: moved.length === 0 ? 'none moved' : `moved: ${moved.join(', ')}`,
  }));

const identity = ({ metadata, status }: Pod): string => `${metadata.name} ${metadata.uid} ${status?.podIP}`;

const sameIdentity = ({ before, after }: ServiceStory): Check => {
  const now = new Set(after.map(identity));
  const lost = before.filter((pod) => !now.has(identity(pod)));
  return {
    name: 'every Pod keeps its name, uid and IP',
    ok: before.length > 0 && lost.length === 0 && after.length === before.length,
    detail: lost.length === 0 ? `${after.length} Pods` : `changed: ${lost.map(identity).join('; ')}`,
  };
};

const count = (facts: NodeFact[], container: string, what: NodeFact['what']): number =>
  facts.filter((fact) => fact.container === container && fact.what === what).length;

const onlySidecarRestarts = ({ facts, sidecar, main, after }: ServiceStory): Check => {
  const restarts = count(facts, sidecar, 'started');
  const disturbed = facts.filter(
    ({ container, what }) => container === main && what !== 'probe-failed',
  ).length;
  return {
    name: `only ${sidecar} restarts, once in each Pod; ${main} keeps its process`,
    ok: restarts === after.length && disturbed === 0,
    detail: `${sidecar} started ${restarts} times in ${after.length} Pods; ${main} was touched ${disturbed} times`,
  };
};

/** The most sidecar processes that were down at once. */
const mostDown = ({ facts, sidecar }: ServiceStory): number => {
  const down = new Set<string>();
  let most = 0;
  for (const { container, what, uid } of facts) {
    if (container !== sidecar) continue;
    if (what === 'exited') down.add(uid);
    if (what === 'started') down.delete(uid);
    most = Math.max(most, down.size);
  }
  return most;
};

const mostUnavailable = ({ sights }: ServiceStory): number => {
  const out = new Set<string>();
  let most = 0;
  for (const { pod } of sights) {
    if (isServing(pod)) out.delete(pod.metadata.name);
    else out.add(pod.metadata.name);
    most = Math.max(most, out.size);
  }
  return most;
};

const budget = (story: ServiceStory): Check => {
  const [processes, pods] = [mostDown(story), mostUnavailable(story)];
  return {
    name: `never more than ${story.maxUnavailable} of ${story.before.length} Pods are unavailable`,
    ok: processes <= story.maxUnavailable && pods <= story.maxUnavailable,
    detail: `at most ${pods} by Pod status, ${processes} by processes`,
  };
};

const status = ({ steps: all }: ServiceStory): Check => {
  const wrong = all.filter(({ settled }) => !settled.ok);
  return {
    name: "the SidecarSet's status agrees with the Pods at every step",
    ok: all.length > 0 && wrong.length === 0,
    detail:
      wrong.length === 0
        ? `${all.length} steps`
        : wrong.map((step) => `${step.name}: ${step.settled.detail}`).join('; '),
  };
};

/** 1, 2, 3 ... without a gap and without a repetition. */
const gapless = (numbers: number[]): boolean => numbers.every((number, index) => number === index + 1);

const delivery = ({ shipped, before }: ServiceStory): Check => {
  const broken = [...shipped].filter(([, numbers]) => !gapless(numbers)).map(([pod]) => pod);
  const total = [...shipped.values()].reduce((sum, numbers) => sum + numbers.length, 0);
  return {
    name: 'no line of the service is lost or shipped twice over the upgrade',
    ok: broken.length === 0 && shipped.size === before.length,
    detail:
      broken.length === 0
        ? `${total} lines of ${shipped.size} Pods, without a gap`
        : `broken: ${broken.join(', ')}`,
  };
};

/** Every check of the upgrade part. */
export const serviceChecks = (story: ServiceStory): Check[] => [
  ...steps(story),
  sameIdentity(story),
  onlySidecarRestarts(story),
  budget(story),
  status(story),
  delivery(story),
];
