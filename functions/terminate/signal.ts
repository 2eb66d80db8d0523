import { type Cluster, ClusterError } from '../../shared/io/ports.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';

/** A shell has `kill` built in; an image may lack the program. */
const COMMAND = ['/bin/sh', '-c', 'kill -TERM 1'];

/** The shell's own exit code when PID 1's end takes it along: the signal has arrived. */
const KILLED = 137;

const WHY_LIMIT = 200;

/**
 * Sends SIGTERM to PID 1 of a container. Gives `undefined` when it was sent, or may have been (the connection ended
 * before the shell's exit code was known), else why not.
 */
export const sendTerm = async (
  cluster: Cluster,
  pod: Pod,
  container: string,
): Promise<string | undefined> => {
  const { namespace = '', name } = pod.metadata;
  try {
    const { exitCode, stderr } = await cluster.exec({ namespace, name }, container, COMMAND);
    const isSent = exitCode === undefined || exitCode === 0 || exitCode === KILLED;
    return isSent ? undefined : `exit code ${exitCode}: ${stderr.slice(0, WHY_LIMIT)}`;
  } catch (fault) {
    if (fault instanceof ClusterError) return fault.message;
    throw fault;
  }
};
