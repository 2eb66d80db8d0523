import type { StdioOptions } from 'node:child_process';
import { notFound, type Place } from '../files/place.ts';
import { type Child, startChild } from '../processes/child.ts';
import type { Groups } from '../processes/groups.ts';

/** Why a program could not be executed, as runc words it. */
const complaint = (program: string, fault: unknown): string => {
  if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return notFound(program);
  return `exec: "${program}": ${fault instanceof Error ? fault.message : String(fault)}`;
};

/** Starts a command that is worded as in its container. Rejects with runc's complaint if it can't be executed. */
export const startIn = async (
  groups: Groups,
  place: Place,
  command: string[],
  stdio: StdioOptions,
): Promise<Child> => {
  const [program = ''] = command;
  const missing = place.missing(program);
  if (missing !== undefined) throw new Error(missing);
  try {
    return await startChild(groups, { ...place, words: command.map(place.rewrite) }, stdio);
  } catch (fault) {
    throw new Error(complaint(program, fault), { cause: fault });
  }
};
