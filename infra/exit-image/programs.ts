/** Which programs a container's exit image must have, and where. */
import { posix } from 'node:path';
import type { Container } from '../../shared/model/kubernetes.ts';
import { SEARCHED } from './image.ts';
import type { Sidecar } from './sidecars.ts';

export interface Program {
  /** Absolute, without `.` and `..`. */
  path: string;
  /** The field that names it. */
  at: string;
}

type Place = { path: string } | { fault: string };

/** What every runtime mounts over the image. */
const SYSTEM = ['/proc', '/sys', '/dev'];

/** Whether a path is the directory or in it. */
export const isWithin = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);

export const mountPaths = ({ volumeMounts }: Container): string[] =>
  (volumeMounts ?? []).map(({ mountPath }) => posix.resolve('/', mountPath ?? ''));

/** Only the first directory counts: the program is put there, so that none of that name is found before it. */
const firstSearched = ({ env }: Container): string | undefined => {
  const variable = env?.findLast(({ name }) => name === 'PATH');
  if (variable === undefined) return SEARCHED;
  const [first = ''] = variable.valueFrom ? [] : (variable.value ?? '').split(':');
  return posix.isAbsolute(first) ? first : undefined;
};

const locate = (word: string, container: Container): Place => {
  if (word === '') return { fault: 'names no program' };
  if (word.includes('$(')) return { fault: `${word}: write the program without a variable` };
  if (word.split('/').includes('..')) return { fault: `${word}: write the path without ".."` };
  if (word.includes('/')) return { path: posix.resolve('/', container.workingDir ?? '', word) };
  const directory = firstSearched(container);
  if (directory === undefined) {
    return {
      fault: `${word} is searched in the container's PATH, which does not begin with a literal absolute directory: write the program's absolute path`,
    };
  }
  return { path: posix.resolve(directory, word) };
};

const obstacle = (path: string, container: Container): string | undefined => {
  const named = `container ${container.name}: ${path}`;
  if (path === '/') return `${named} is a directory`;
  const system = SYSTEM.find((directory) => isWithin(path, directory));
  if (system !== undefined) return `${named}: no image can hold a program in ${system}`;
  const mount = mountPaths(container).find((directory) => isWithin(path, directory));
  if (mount === undefined) return undefined;
  return `${named} lies under the volume mount ${mount}, which hides the image: what the volume holds would run instead. Start a program outside of the mount`;
};

const placed = (word: string, container: Container): Place => {
  const place = locate(word, container);
  const fault = 'path' in place ? obstacle(place.path, container) : undefined;
  return fault === undefined ? place : { fault };
};

/**
 * Programs that the kubelet runs beside the container's own. By then that one has ended, with its exit code, so one
 * that the image can't hold does no harm.
 */
const besides = ({ container, at }: Sidecar): Program[] => {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  const { postStart, preStop } = lifecycle ?? {};
  const handlers = {
    'lifecycle.postStart': postStart,
    'lifecycle.preStop': preStop,
    livenessProbe,
    readinessProbe,
    startupProbe,
  };
  return Object.entries(handlers).flatMap(([name, handler]) => {
    const word = handler?.exec?.command?.[0];
    const place = word === undefined ? undefined : placed(word, container);
    return place && 'path' in place ? [{ path: place.path, at: `${at}.${name}.exec.command[0]` }] : [];
  });
};

/** @returns what the image must hold for the container, or why it can't be held; without a `command` its own program does */
export const programsOf = (sidecar: Sidecar): { programs: Program[]; faults: string[] } => {
  const { container } = sidecar;
  const at = `${sidecar.at}.command[0]`;
  const word = container.command?.[0];
  const place = word === undefined ? undefined : placed(word, container);
  if (place && 'fault' in place) return { programs: [], faults: [`${at}: ${place.fault}`] };
  return { programs: [...(place ? [{ ...place, at }] : []), ...besides(sidecar)], faults: [] };
};
