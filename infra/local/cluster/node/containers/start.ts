import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../../../../shared/io/ports.ts';
import type { Container, Pod } from '../../../../../shared/model/kubernetes.ts';
import type { FoundImage, Images } from '../../images/images.ts';
import { makePlace, type Place } from '../files/place.ts';
import type { Sources } from '../files/volumes.ts';
import { pause } from '../pause.ts';
import { environmentOf, environmentSources, expand } from '../pod/environment.ts';
import type { Address } from '../pod/fields.ts';
import type { Waiting } from '../pod/status.ts';
import type { Child } from '../processes/child.ts';
import type { Groups } from '../processes/groups.ts';
import type { Reporter } from '../report/reporter.ts';
import type { RunView } from '../views.ts';
import { logFile, rootDirectory, volumesDirectory } from './files.ts';
import { Run } from './run.ts';
import { startIn } from './spawn.ts';

export interface StartOptions {
  pod: Pod;
  /** Whether its first process is process 1 of a PID namespace of its own. */
  isFirst: boolean;
  /** Words that are run in place of the container's own. */
  standIn?: string[];
  /** Milliseconds between what the container needs and its process. */
  delay: number;
  /** Aborted when the Pod is to end. */
  ending: AbortSignal;
  /** The Pod's directory. */
  directory: string;
  address: Address;
  images: Images;
  sources: Sources;
  groups: Groups;
  clock: Clock;
  reporter: Reporter;
  onExit: (run: Run) => void;
}

export type Start =
  | { kind: 'running'; run: Run }
  /** The process could not be executed: a run that ended at once. */
  | { kind: 'ended'; view: RunView }
  | { kind: 'waiting'; waiting: Waiting }
  /** The Pod is to end. */
  | { kind: 'dropped' };

/** Exit code that a container runtime gives to a process that it could not execute. */
const START_ERROR = 128;

const variablesOf = async (options: StartOptions, container: Container) => {
  const { pod, address, sources } = options;
  const wanted = environmentSources(container);
  const payloads = new Map(
    await Promise.all(wanted.map(async (source) => [JSON.stringify(source), await sources(source)] as const)),
  );
  const payload = (source: object) => payloads.get(JSON.stringify(source));
  return environmentOf({ pod, container, address, payload });
};

/** The container's own command, else the image's. */
export const commandOf = (
  { command, args }: Container,
  image: Pick<FoundImage, 'entrypoint' | 'cmd'>,
): string[] =>
  command?.length
    ? [...command, ...(args ?? [])]
    : [...image.entrypoint, ...(args?.length ? args : image.cmd)];

/** As they are in the container. */
const wordsOf = (container: Container, image: FoundImage, variables: Record<string, string>): string[] =>
  image.atEveryPath ?? commandOf(container, image).map((word) => expand(word, variables));

const openLog = async (directory: string, container: string, attempt: number): Promise<number> => {
  const file = logFile(directory, container, attempt);
  await mkdir(dirname(file), { recursive: true });
  await rm(logFile(directory, container, attempt - 2), { force: true });
  return openSync(file, 'a');
};

const spawnIn = async (groups: Groups, words: string[], place: Place, log: number): Promise<Child> => {
  try {
    return await startIn(groups, place, words, ['ignore', log, log]);
  } finally {
    closeSync(log);
  }
};

/** Starts a container's `attempt`th run of an image that is there. */
export const startContainer = async (
  options: StartOptions,
  container: Container,
  image: FoundImage,
  attempt: number,
): Promise<Start> => {
  const { pod, isFirst, delay, ending, directory, groups, clock, reporter, onExit } = options;
  const { name, image: reference = '' } = container;
  const environment = await variablesOf(options, container);
  if (environment.kind === 'unready') {
    const { reason, message } = environment;
    reporter.warning('Failed', `Error: ${message}`);
    return { kind: 'waiting', waiting: { reason, message } };
  }
  const { variables } = environment;
  if (delay > 0 && !(await pause(clock, delay, ending))) return { kind: 'dropped' };
  const [root, volumes] = [rootDirectory(directory, name), volumesDirectory(directory)];
  const place = await makePlace({ root, volumes, container, image, variables, hostName: pod.metadata.name });
  const view = { id: randomUUID().replaceAll('-', ''), attempt, image: reference, imageId: image.id };
  try {
    const log = await openLog(directory, name, attempt);
    reporter.normal('Created', `Created container: ${name}`);
    const words = options.standIn ?? wordsOf(container, image, variables);
    const child = await spawnIn(groups, words, place, log);
    const run = new Run({ view, child, isFirst, place, groups, clock, onExit });
    reporter.normal('Started', `Started container ${name}`);
    reporter.fact(name, 'started', `pid ${child.pid}, image ${reference}`, {
      pid: child.pid,
      image: reference,
    });
    return { kind: 'running', run };
  } catch (fault) {
    const message = `failed to start container: ${fault instanceof Error ? fault.message : String(fault)}`;
    reporter.warning('Failed', `Error: ${message}`);
    const at = clock.now();
    const exit = { exitCode: START_ERROR, reason: 'StartError', message, at };
    return { kind: 'ended', view: { ...view, startedAt: at, exit } };
  }
};
