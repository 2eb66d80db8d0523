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

const isHeldBack = (pid: number, signal: NodeJS.Signals): boolean =>
  signal === 'SIGKILL' || signal === 'SIGSTOP' || handles(pid, signal) === false;

/**
 * Sends a signal to a container's first process. Where that is process 1 of a PID namespace it gets only signals that it
 * handles, and never SIGKILL or SIGSTOP: false when that rule held the signal back.
 */
export const signalFirst = (pid: number, signal: NodeJS.Signals, isFirst: boolean): boolean => {
  if (isFirst && isHeldBack(pid, signal)) return false;
  process.kill(pid, signal);
  return true;
};
