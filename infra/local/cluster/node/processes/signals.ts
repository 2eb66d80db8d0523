import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** Whether a process has a handler for a signal; `undefined` where the machine does not tell (no /proc). */
const handles = (pid: number, signal: NodeJS.Signals): boolean | undefined => {
  try {
    const [, mask] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return mask === undefined
      ? undefined
      : ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  } catch {
    return undefined;
  }
};

/**
 * Sends a signal to a container's first process by the rule of a PID namespace: its process 1 gets only signals that
 * it handles, and never SIGKILL or SIGSTOP. False when that rule held the signal back.
 */
export const signalFirst = (pid: number, signal: NodeJS.Signals): boolean => {
  if (signal === 'SIGKILL' || signal === 'SIGSTOP' || handles(pid, signal) === false) return false;
  process.kill(pid, signal);
  return true;
};
