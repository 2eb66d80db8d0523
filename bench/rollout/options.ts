/** What can be asked of `npm run bench:rollout`. */
import { Command, InvalidArgumentError } from 'commander';
import type { IntOrString } from '../../shared/model/sidecarset.ts';

export interface Options {
  /** Pods of each case. */
  pods: number;
  /** A case each; without it those that the number of Pods allows. */
  maxUnavailable?: IntOrString[];
  /** All Pods with `maxUnavailable: 1`, too. */
  full: boolean;
  /** One after the other on the same Pods. */
  rollouts: number;
  /** A container is back after 0 to this many seconds. */
  restartSeconds: number;
  /** The kubelet reports a restarting container as not ready before it is back. */
  down: boolean;
  /** Of the restart times. */
  seed: number;
  /** Connections of the kubelet. */
  workers: number;
  /** Every event is delivered twice. */
  duplicates: boolean;
  /** Milliseconds from a change to its message in the queue. */
  latency: number;
  /** Megabytes of old space of each of the function's processes. */
  heap?: number;
  /** Processes of the function. */
  environments?: number;
  /** Seconds between resyncs of the SidecarSet. */
  resync: number;
  /** Seconds that a rollout may take. */
  patience: number;
  /** The function has its shipped rights (and the policies that check its writes) in place of all. */
  rights: boolean;
  /** Where the figures are written as JSON. */
  json?: string;
}

const atLeast =
  (least: number, whole: boolean) =>
  (text: string): number => {
    const value = Number(text);
    if (text === '' || !(value >= least) || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`a ${whole ? 'whole ' : ''}number, ${least} or more`);
    return value;
  };

const amount = (text: string): IntOrString => {
  if (!/^[0-9]+%?$/.test(text)) throw new InvalidArgumentError('numbers or percentages, parted by commas');
  return text.endsWith('%') ? text : Number(text);
};

const amounts = (text: string): IntOrString[] => text.split(',').map(amount);

const program = new Command('bench:rollout')
  .description(
    'Measures rollouts by the real function on a real API server, with a kubelet that only reports.',
  )
  .option('--pods <count>', 'Pods of each case', atLeast(1, true), 1000)
  .option('--max-unavailable <list>', 'a case each (default: "100%,1%,1"; above 1,000 Pods "100%")', amounts)
  .option('--full', 'all Pods with 1, too, not only 200', false)
  .option('--rollouts <count>', 'rollouts of each case', atLeast(1, true), 2)
  .option('--restart-seconds <seconds>', 'longest restart of a container', atLeast(0, false), 2)
  .option('--no-down', 'a restarting container is never reported as not ready')
  .option('--seed <number>', 'of the restart times', atLeast(0, true), 1)
  .option('--workers <count>', 'connections of the kubelet', atLeast(1, true), 16)
  .option('--duplicates', 'deliver every event twice', false)
  .option('--latency <milliseconds>', 'from a change to its message in the queue', atLeast(0, false), 0)
  .option(
    '--heap <megabytes>',
    'old space of each process (default: nine tenths of memorySize)',
    atLeast(16, true),
  )
  .option(
    '--environments <count>',
    "the function's processes (default: maximumConcurrency)",
    atLeast(1, true),
  )
  .option('--resync <seconds>', 'between resyncs of the SidecarSet', atLeast(1, false), 600)
  .option('--patience <seconds>', 'that a rollout may take', atLeast(1, false), 900)
  .option('--rights', 'the function has its shipped rights only; needs kubectl', false)
  .option('--json <file>', 'write the figures as JSON')
  .allowExcessArguments(false);

export const readOptions = (): Options => program.parse().opts<Options>();

/** One fleet, on a control plane of its own. */
export interface Case {
  pods: number;
  maxUnavailable: IntOrString;
  restartSeconds: number;
}

/** A rollout Pod by Pod is as many batches as Pods. */
const ONE_BY_ONE_PODS = 200;
/** Above it the smaller amounts take hours. */
const ALL_CASES_PODS = 1000;

/** Pod by Pod is about the function, not the kubelet: there the containers are back at once. */
const caseOf = (maxUnavailable: IntOrString, { pods, full, restartSeconds }: Options): Case =>
  maxUnavailable === 1
    ? { maxUnavailable, pods: full ? pods : Math.min(pods, ONE_BY_ONE_PODS), restartSeconds: 0 }
    : { maxUnavailable, pods, restartSeconds };

export const casesOf = (options: Options): Case[] => {
  const all: IntOrString[] = options.pods > ALL_CASES_PODS ? ['100%'] : ['100%', '1%', 1];
  return (options.maxUnavailable ?? all).map((maxUnavailable) => caseOf(maxUnavailable, options));
};
