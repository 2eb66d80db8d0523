/** Plays some Jobs of each kind side by side and returns what became of them, with nothing left running. */
import type { NodeFact } from '../../../infra/local/cluster/node/facts.ts';
import type { ObjectEvent } from '../../../shared/core/resources/event.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { jobOf, SIDE, sidecarSetOf, templateOf } from '../system/manifests.ts';
import { alive, factsOf, podOf, untilOver, untilQuiet } from '../system/story.ts';
import { type System, type SystemOptions, startSystem } from '../system/system.ts';
import { crashes, type JobKind } from './kinds.ts';

export interface Story {
  job: string;
  kind: JobKind;
  /** Of its main container. */
  exitCode: number;
  verdict: string;
  /** The Job controller removes the Pod of a Job that fails under OnFailure. */
  pod?: Pod;
  /** The sidecar's output, if there is a Pod. */
  log?: string;
  facts: NodeFact[];
}

export interface Played {
  stories: Story[];
  facts: NodeFact[];
  events: ObjectEvent[];
  /** Processes that lived when all Jobs were over, and after the machine's stop. */
  left: { before: number[]; after: number[] };
}

type Cast = Pick<Story, 'job' | 'kind' | 'exitCode'>;

/** The main container of the last one of each kind fails, if there are several. */
const castOf = (kinds: JobKind[], each: number): Cast[] =>
  kinds.flatMap((kind) =>
    Array.from({ length: each }, (_, index) => ({
      job: `${kind.name}-${index}`,
      kind,
      exitCode: each > 1 && index === each - 1 ? 1 : 0,
    })),
  );

/** Under OnFailure a Job counts restarts, into the exit image and of crashed sidecars, too. Nothing is tried twice. */
const manifestOf = ({ job, kind, exitCode }: Cast): object => {
  const { restartPolicy, grace } = kind;
  const template = templateOf(
    kind,
    { seconds: crashes(kind) ? 3 : 0, exitCode },
    { restartPolicy, terminationGracePeriodSeconds: grace },
  );
  return jobOf(job, template, { backoffLimit: restartPolicy === 'OnFailure' && exitCode === 0 ? 10 : 0 });
};

const storiesOf = async (system: System, cast: Cast[], verdicts: Map<string, string>): Promise<Story[]> => {
  const pods = await system.pods();
  return Promise.all(
    cast.map(async (each) => {
      const pod = podOf(pods, each.job);
      const facts = factsOf(system.facts, each.job);
      const verdict = verdicts.get(each.job) ?? '';
      return { ...each, verdict, facts, ...(pod && { pod, log: await system.log(pod, SIDE) }) };
    }),
  );
};

export const playJobs = async (kinds: JobKind[], each: number, options?: SystemOptions): Promise<Played> => {
  const system = await startSystem(options);
  const { facts } = system;
  try {
    const cast = castOf(kinds, each);
    await system.apply(kinds.map(sidecarSetOf));
    await system.apply(cast.map(manifestOf));
    const verdicts = await untilOver(
      system,
      cast.map(({ job }) => job),
    );
    await untilQuiet(() => facts);
    const before = alive(facts);
    const [stories, events] = await Promise.all([storiesOf(system, cast, verdicts), system.events()]);
    await system.stop();
    return { stories, facts, events, left: { before, after: alive(facts) } };
  } catch (fault) {
    await system.stop();
    throw fault;
  }
};
