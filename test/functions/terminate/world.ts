/** A Pod, its node and the messages about it: `terminate` runs when one is due, and everything it does is written down. */
import { createTerminate } from '../../../functions/terminate/run.ts';
import { asksForTermination } from '../../../shared/core/forwarding/terminateCall.ts';
import type { JobFacts } from '../../../shared/core/termination/job.ts';
import type { ExecResult } from '../../../shared/io/ports.ts';
import type { ClusterEvent } from '../../../shared/model/event.ts';
import type { Container, Pod, PodSpec } from '../../../shared/model/kubernetes.ts';
import type { Outcome } from '../../../shared/model/outcome.ts';
import { JOBS, PODS } from '../../../shared/model/resources.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFixedClock, type FixedClock } from '../../support/fakes.ts';
import { ended, eventFor, main, makePod, RUNNING, sidecar, statusOf } from '../../support/pods.ts';
import { type Refusals, TERM, watched } from './acts.ts';
import type { Through } from './calls.ts';
import { type Behaviour, createNode } from './node.ts';

export const POD = { namespace: 'default', name: 'job-x' };
export const OK: ExecResult = { exitCode: 0, stdout: '', stderr: '' };
const GRACE = 20;
/** Seconds until the next try after a signal. */
export const SIGNAL_TIME = GRACE + 5;

export interface WorldParts {
  /** One `sidecar('side')` by default. */
  sides?: Container[];
  /** By container. */
  behaviours?: Record<string, Behaviour>;
  /** Exit code of the main container. */
  mainCode?: number;
  spec?: Partial<PodSpec>;
  /** The Job that owns the Pod; its limit is `backoffLimit`. */
  backoffLimit?: number;
  killerImage?: string;
  /** What the API server refuses; `world.refusals` can be changed on the way. */
  refusals?: Refusals;
  /** Replaces parts of the Pod. */
  change?: (pod: Pod) => Pod;
}

export interface World {
  cluster: FakeCluster;
  clock: FixedClock;
  refusals: Refusals;
  /** Each thing that was asked for, `<seconds since the start> <what> <container>`, and `(<code>)` if it was refused. */
  acts: string[];
  /** The same without the times. */
  done(): string[];
  pod(): Pod;
  /** `terminate`, once; what comes back later is kept. `through` stands between it and the cluster. */
  deliver(event?: ClusterEvent, through?: Through): Promise<Outcome[]>;
  /** The node looks at the Pod; an event is sent where its report asks for one. */
  look(): void;
  /**
   * All messages, each at its time, with a look of the node after each; one that fails comes back. Codes of the last.
   * `through` stands between all their runs and the cluster.
   */
  settle(through?: Through): Promise<string[]>;
  /** One message, and all that comes of it. */
  run(through?: Through): Promise<string[]>;
}

const podOf = ({ sides = [sidecar()], mainCode = 0, spec, backoffLimit, change }: WorldParts): Pod => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', name: 'job', uid: 'uid-job', controller: true };
  const pod = makePod({
    containers: [main(), ...sides],
    statuses: [statusOf('main', ended(mainCode)), ...sides.map(({ name }) => statusOf(name, RUNNING))],
    phase: 'Running',
    metadata: backoffLimit === undefined ? {} : { ownerReferences: [job] },
    spec: { terminationGracePeriodSeconds: GRACE, ...spec },
  });
  return change ? change(pod) : pod;
};

const codes = (outcomes: Outcome[]): string[] => outcomes.map(({ code }) => code);

const MOST_MESSAGES = 60;
/** Seconds until a message comes back whose run has failed. */
const VISIBILITY = 300;

export const createWorld = (parts: WorldParts = {}): World => {
  const cluster = createFakeCluster();
  const clock = createFixedClock();
  const node = createNode(parts.behaviours ?? {});
  const start = clock.now().getTime();
  const acts: string[] = [];
  const note = (act: string): void => void acts.push(`${(clock.now().getTime() - start) / 1000} ${act}`);
  const refusals: Refusals = { ...parts.refusals };
  const whole = watched(cluster, note, refusals);
  const queue: { at: number; event: ClusterEvent }[] = [];
  cluster.onExec = async (container, command) => {
    if (command.includes(TERM)) node.signal(container);
    return OK;
  };
  cluster.put(PODS, podOf(parts));
  if (parts.backoffLimit !== undefined) {
    const metadata = { name: 'job', namespace: 'default' };
    cluster.put<JobFacts>(JOBS, { metadata, spec: { backoffLimit: parts.backoffLimit } });
  }

  const pod = (): Pod => cluster.read<Pod>(PODS, POD);
  const world: World = {
    cluster,
    clock,
    refusals,
    acts,
    done: () => acts.map((act) => act.replace(/^\S+ /, '')),
    pod,
    async deliver(event = eventFor('terminate'), through = (all) => all) {
      const { killerImage = 'registry/killer:1' } = parts;
      const outcomes = await createTerminate({ cluster: through(whole), clock, killerImage })(event);
      for (const outcome of outcomes) {
        if (outcome.kind !== 'later') continue;
        queue.push({ at: clock.now().getTime() + 1000 * outcome.seconds, event: outcome.event });
      }
      return outcomes;
    },
    look() {
      const before = pod();
      const after = node.look(before);
      if (JSON.stringify(after) === JSON.stringify(before)) return;
      cluster.put(PODS, after);
      const event = eventFor('terminate', { resourceVersion: before.metadata.resourceVersion });
      if (asksForTermination({ before, after })) queue.push({ at: clock.now().getTime(), event });
    },
    async settle(through) {
      let last: Outcome[] = [];
      for (let count = 0; queue.length > 0; count += 1) {
        if (count > MOST_MESSAGES) throw new Error('the messages do not end');
        queue.sort((a, b) => a.at - b.at);
        const { at = 0, event } = queue.shift() ?? {};
        clock.pass(Math.max(0, (at - clock.now().getTime()) / 1000));
        last = await world.deliver(event, through).catch(() => {
          queue.push({
            at: clock.now().getTime() + 1000 * VISIBILITY,
            event: event ?? eventFor('terminate'),
          });
          return [];
        });
        world.look();
      }
      return codes(last);
    },
    async run(through) {
      queue.push({ at: clock.now().getTime(), event: eventFor('terminate') });
      return world.settle(through);
    },
  };
  return world;
};

/** What was done from one event on, and the phase that came of it. */
export const storyOf = async (parts: WorldParts): Promise<string[]> => {
  const world = createWorld(parts);
  await world.run();
  return [...world.acts, world.pod().status?.phase ?? ''];
};

/** The Pod is written by somebody else; its node does so all the time. */
export const touch = ({ cluster, pod }: World, change: Partial<Pod['status']> = {}): void => {
  const before = pod();
  cluster.put(PODS, { ...before, status: { ...before.status, ...change } });
};

/** Another Pod of the same name is in its place. */
export const replacePod = ({ cluster, pod }: World): void => {
  const { metadata, ...rest } = pod();
  cluster.drop(PODS, POD);
  cluster.put(PODS, { ...rest, metadata: { ...metadata, uid: 'uid-of-after' } });
};
