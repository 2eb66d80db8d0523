import { systemClock } from './clock.ts';
import type { Clock, Log } from './ports.ts';

type Fields = Record<string, unknown>;

export interface LogOptions {
  /** Name of the function; on every line. */
  function: string;
  clock?: Clock;
  /** The least level that is written; by default Lambda's own setting (`AWS_LAMBDA_LOG_LEVEL`), or all. */
  level?: string;
  /** Takes one line without its line end; stdout by default. */
  write?: (line: string) => void;
}

const LEVELS: readonly string[] = ['info', 'warn', 'error'];

/** An Error has no enumerable fields of its own: without this it would be `{}`. */
const readable = (_key: string, value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message } : value;

const asLine = (entry: Fields, fields: Fields | undefined): string => {
  try {
    return JSON.stringify({ ...fields, ...entry }, readable);
  } catch (fault) {
    return JSON.stringify({ ...entry, unwritable: String(fault) });
  }
};

/** One JSON line an entry: `level`, `message`, `time`, `function` and the fields beside them. Logging never throws. */
export const createLog = (options: LogOptions): Log => {
  const { clock = systemClock, write = (line) => process.stdout.write(`${line}\n`) } = options;
  const level = (options.level ?? process.env['AWS_LAMBDA_LOG_LEVEL'] ?? '').toLowerCase();
  const least = LEVELS.indexOf(level);
  const at = (rank: 0 | 1 | 2) => (message: string, fields?: Fields) => {
    if (rank < least) return;
    const entry = {
      level: LEVELS[rank],
      message,
      time: clock.now().toISOString(),
      function: options.function,
    };
    write(asLine(entry, fields));
  };
  return { info: at(0), warn: at(1), error: at(2) };
};
