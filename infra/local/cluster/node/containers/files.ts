import { join } from 'node:path';

/** Where a Pod's things are below the node's directory. */
export const podDirectory = (directory: string, uid: string): string => join(directory, 'pods', uid);

export const volumesDirectory = (pod: string): string => join(pod, 'volumes');

export const rootDirectory = (pod: string, container: string): string => join(pod, 'roots', container);

/** The output of one run; 0 is the first. */
export const logFile = (pod: string, container: string, attempt: number): string =>
  join(pod, 'logs', container, `${attempt}.log`);
