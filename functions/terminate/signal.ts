/** SIGTERM to process 1 of a container, from a shell in it. */
import { graceSeconds } from '../../shared/core/termination/timing.ts';
import { triesFor } from '../../shared/core/termination/tries.ts';
import { type Cluster, ClusterError, type ExecResult } from '../../shared/io/ports.ts';
import type { Container, Pod } from '../../shared/model/kubernetes.ts';

/** What became of a try; `why` it could not be made. */
export type Made = { kind: 'made'; why?: string } | { kind: 'failed' | 'refused'; why: string };

/** A shell has `kill` built in; an image may lack the program. */
const COMMAND = ['/bin/sh', '-c', 'kill -TERM 1'];

/** The shell's own exit code when PID 1's end takes it along: the signal has arrived. */
const KILLED = 137;
const WHY_LIMIT = 200;
/** Longer than this no hook is waited for: the function ends after 50 s. */
const MOST_HOOK_SECONDS = 25;
/** A container runtime's words for a program that the image does not have. */
const NO_PROGRAM = /no such file or directory|executable file not found|not found in \$PATH/i;

/**
 * The API server or the node may be able to do it another time. "Not found" is a node that does not know the Pod or the
 * container now; the status of the Pod is up to a second behind it.
 */
const isPassing = ({ code, message }: ClusterError): boolean =>
  (code === 0 || code === 404 || code === 429 || code >= 500) && !NO_PROGRAM.test(message);

const madeOf = ({ exitCode, stderr }: ExecResult): Made => {
  // Without an exit code the command may have run.
  if (exitCode === undefined || exitCode === 0 || exitCode === KILLED) return { kind: 'made' };
  return { kind: 'refused', why: `exit code ${exitCode}: ${stderr.slice(0, WHY_LIMIT)}` };
};

/** The preStop command, which the kubelet does not run for a process that ends by itself; the end follows in any case. */
const runPreStop = async (cluster: Cluster, pod: Pod, container: Container): Promise<string | undefined> => {
  const command = container.lifecycle?.preStop?.exec?.command;
  if (command === undefined) return undefined;
  const { namespace = '', name } = pod.metadata;
  try {
    const seconds = Math.min(MOST_HOOK_SECONDS, graceSeconds(pod));
    const { exitCode } = await cluster.exec({ namespace, name }, container.name, command, { seconds });
    return exitCode === 0 ? undefined : `preStop: exit code ${exitCode ?? 'unknown'}`;
  } catch (fault) {
    if (fault instanceof ClusterError) return `preStop: ${fault.message}`;
    throw fault;
  }
};

/** A signal was sent before, and the preStop command run with it. */
const isRepeated = (pod: Pod, container: string): boolean =>
  triesFor(pod, container)
    .slice(0, -1)
    .some(({ strategy, outcome }) => strategy === 'exec' && outcome === undefined);

/**
 * Runs the container's preStop command, then sends SIGTERM to its process 1.
 *
 * @param pod with the record of this try
 */
export const sendTerm = async (cluster: Cluster, pod: Pod, containerName: string): Promise<Made> => {
  const { namespace = '', name } = pod.metadata;
  const container = pod.spec.containers.find((each) => each.name === containerName);
  const isFirst = !isRepeated(pod, containerName);
  const hook = container && isFirst ? await runPreStop(cluster, pod, container) : undefined;
  try {
    const result = await cluster.exec({ namespace, name }, containerName, COMMAND);
    return { why: hook, ...madeOf(result) } as Made;
  } catch (fault) {
    if (!(fault instanceof ClusterError)) throw fault;
    return { kind: isPassing(fault) ? 'failed' : 'refused', why: fault.message };
  }
};
