/** What the API server has refused to the functions, as they tell it themselves. */
import { createLog } from '../../../shared/io/log.ts';
import type { Log } from '../../../shared/io/ports.ts';

/** As every answer 401 or 403 of an API server reads, of roles and of policies. */
export const REFUSED = /forbidden|unauthorized/i;

export interface Watched {
  /** Takes what is logged about the functions, and writes it to stderr. */
  log: Log;
  /** Lines that tell of a refusal. */
  refusals: string[];
  stop(): void;
}

/** Until `stop`: the functions run in this process and write to its stdout, which goes on as before. */
export const watchRefusals = (): Watched => {
  const refusals: string[] = [];
  const look = (line: string): void => {
    if (REFUSED.test(line)) refusals.push(line);
  };
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    look(String(chunk));
    return write(chunk, ...rest);
  };
  const both = (line: string): void => {
    look(line);
    console.error(line);
  };
  return {
    log: createLog({ function: 'local', level: 'ERROR', write: both }),
    refusals,
    stop: () => {
      stdout.write = write;
    },
  };
};
