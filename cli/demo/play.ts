import { join } from 'node:path';
import { type Machine, type MachineOptions, startMachine } from '../../infra/local/machine.ts';
import { createLog } from '../../shared/io/log.ts';
import { openCluster } from '../cluster.ts';
import { install } from '../install/install.ts';
import { onlyOne, readManifests } from '../manifests.ts';
import { type JobManifests, playJob } from './jobPart.ts';
import { factSentence, podSentences } from './narrate.ts';
import type { Report } from './report.ts';
import { createScene } from './scene.ts';
import { playService } from './servicePart.ts';
import { openStage, type Stage } from './stage.ts';
import { createTimeline } from './timeline.ts';

export interface PlayOptions {
  /** Removed by the caller. */
  directory: string;
  /** The user's own files: then only the Job part is played, with these. */
  sidecarSet?: string;
  job?: string;
  without: string[];
  kill: boolean;
  /** Milliseconds. */
  resyncEvery?: number;
  /** Seconds that a step may take. */
  patience: number;
  /** Starts the machine that is played on; the embedded one without it. */
  start?: (options: MachineOptions) => Promise<Machine>;
  print: (line: string) => void;
  signal: AbortSignal;
}

const EXAMPLES = join(import.meta.dirname, '../../examples/ilogtail');
const example = (file: string): string => join(EXAMPLES, file);

/** The Job part's manifests: the example's, or the user's own. Read first, so that a bad file starts nothing. */
const jobManifests = async (options: PlayOptions): Promise<JobManifests> => {
  const files = {
    sidecarSet: options.sidecarSet ?? example('sidecarset.yaml'),
    job: options.job ?? example('job.yaml'),
  };
  const [setFile, jobFile] = await Promise.all([readManifests(files.sidecarSet), readManifests(files.job)]);
  const sidecarSet = onlyOne(setFile, 'SidecarSet', files.sidecarSet);
  const job = onlyOne(jobFile, 'Job', files.job);
  const others = [...setFile, ...jobFile].filter((manifest) => manifest !== sidecarSet && manifest !== job);
  if (isUsersOwn(options)) return { sidecarSet, job, others };
  const [secret = [], [bystander] = []] = await Promise.all([
    readManifests(example('secret.yaml')),
    readManifests(example('unlabelled.yaml')),
  ]);
  return { sidecarSet, job, others: [...others, ...secret], bystander };
};

const isUsersOwn = ({ sidecarSet, job }: PlayOptions): boolean =>
  sidecarSet !== undefined || job !== undefined;

/** Plays the worked example on a fresh machine, prints it as it goes and returns the verdicts. */
export const play = async (options: PlayOptions): Promise<Report> => {
  const manifests = await jobManifests(options);
  const timeline = createTimeline(new Date(), options.print);
  let stage: Stage | undefined;
  /** What the machine does when it is stopped is no part of the story. */
  let over = false;
  const { start = startMachine } = options;
  const machine = await start({
    directory: options.directory,
    without: options.without,
    resyncEvery: options.resyncEvery,
    killInsteadOfTerm: options.kill,
    logLevel: 'ERROR',
    log: createLog({ function: 'local', level: 'error', write: console.error }),
    onFact(fact) {
      stage?.addFact(fact);
      const sentence = factSentence(fact);
      if (sentence && !over) timeline.add(fact.at, fact.pod, sentence.container, sentence.what);
    },
  });
  const interrupt = () => stage?.interrupt(options.signal.reason);
  options.signal.addEventListener('abort', interrupt);
  try {
    const cluster = await openCluster(machine.kubeconfig);
    await install(cluster, machine.endpoint);
    stage = await openStage(cluster, (previous, pod, type) => {
      for (const { container, what } of podSentences(previous, pod, type)) {
        timeline.add(new Date(), pod.metadata.name, container, what);
      }
    });
    if (options.signal.aborted) interrupt();
    const isQuiet = () => machine.isIdle('rollout');
    const { sink } = machine;
    const scene = createScene({ cluster, stage, timeline, sink, patience: options.patience, isQuiet });
    const checks = await playJob(scene, manifests);
    if (!isUsersOwn(options)) {
      const [deployment] = await readManifests(example('service.yaml'));
      const sidecarSet = manifests.sidecarSet.metadata.name;
      if (deployment) {
        const part = { deployment, sidecarSet, sidecar: 'ilogtail', main: 'nginx', toTag: 'latest' };
        checks.push(...(await playService(scene, part)));
      }
    }
    return { checks, timeline: timeline.entries };
  } finally {
    over = true;
    options.signal.removeEventListener('abort', interrupt);
    stage?.close();
    await machine.stop();
  }
};
