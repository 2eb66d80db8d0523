/** When what has happened to a Job with a sidecar: as a watch saw it, or as the container runtime logged it. */
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_LAUNCH_OPENED } from '../../../shared/model/names.ts';
import type { Kubectl } from '../../cluster/node/kubectl.ts';
import type { History } from '../rig/history.ts';
import { MAIN, SIDE, triesOf } from './objects.ts';
import { firstSeen, hasEnded, hasStarted, isOver, statusOf } from './watching.ts';

/** Milliseconds since 1970; NaN where there is none. */
export interface Moments {
  created: number;
  sideRuns: number;
  sideReady: number;
  /** The level of the main container is open: its key is written, and the Pod's annotation. */
  poked: number;
  /** By the container runtime's log. */
  mainProcess: number;
  mainRuns: number;
  mainEnds: number;
  /** The record of the first try to end the sidecar is on the Pod. */
  tried: number;
  /** By the container runtime's log. */
  term: number;
  sideEnds: number;
  succeeded: number;
  complete: number;
}

const isPoked = ({ metadata }: Pod): boolean => metadata.annotations?.[ANNOTATION_LAUNCH_OPENED] === 'p_0';

/** Of the first line that reads so. */
const loggedAt = (log: string, word: string): number => {
  const line = log.split('\n').find((each) => each.endsWith(` ${word}`)) ?? '';
  return Date.parse(line.split(' ')[0] ?? '');
};

const logOf = async (kubectl: Kubectl, pod: string, container: string): Promise<string> =>
  (await kubectl.run(['logs', pod, '-c', container, '--timestamps'])).stdout;

/** Of a Job that has completed, and whose sidecar has ended. */
export const momentsOf = async (kubectl: Kubectl, history: History, name: string): Promise<Moments> => {
  const pods = history.pods(name);
  const jobs = history.jobs(name);
  const pod = pods.at(-1)?.object.metadata.name ?? '';
  const [main, side] = await Promise.all([MAIN, SIDE].map((container) => logOf(kubectl, pod, container)));
  const seen = (is: (pod: Pod) => boolean): number => firstSeen(pods, is) ?? Number.NaN;
  const isComplete = jobs.find(({ object }) =>
    object.status?.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True'),
  );
  return {
    created: jobs[0]?.at ?? Number.NaN,
    sideRuns: seen((each) => hasStarted(each, SIDE)),
    sideReady: seen((each) => statusOf(each, SIDE)?.ready === true),
    poked: seen(isPoked),
    mainProcess: loggedAt(main ?? '', 'up'),
    mainRuns: seen((each) => hasStarted(each, MAIN)),
    mainEnds: seen((each) => hasEnded(each, MAIN)),
    tried: seen((each) => triesOf(each).length > 0),
    term: loggedAt(side ?? '', 'TERM'),
    sideEnds: seen((each) => hasEnded(each, SIDE)),
    succeeded: seen(isOver),
    complete: isComplete?.at ?? Number.NaN,
  };
};
