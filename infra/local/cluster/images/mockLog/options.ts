export interface MockLogOptions {
  path: string;
  /** 0: endless. */
  count: number;
  /** Milliseconds between two lines. */
  interval: number;
}

const KNOWN = ['log-type', 'path', 'total-count', 'interval'];
const COUNTED_INTERVAL = 10;
const ENDLESS_INTERVAL = 1000;

const parse = (args: string[]): Map<string, string> | string => {
  const values = new Map<string, string>();
  for (const arg of args) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (!KNOWN.includes(name)) return `unknown option ${arg}`;
    values.set(name, value);
  }
  return values;
};

const isCount = (text: string): boolean => /^\d{1,9}$/.test(text);

/**
 * `--log-type=nginx --path=FILE [--total-count=N] [--interval=MS]`. Without a count, or with 0, it is endless and
 * writes a line a second; with one, a line every 10 ms. A string says what is wrong.
 */
export const readOptions = (args: string[]): MockLogOptions | string => {
  const values = parse(args);
  if (typeof values === 'string') return values;
  const [type, path, total = '0', interval] = KNOWN.map((name) => values.get(name));
  if (type !== 'nginx') return `--log-type=${type ?? ''} is not supported, only nginx`;
  if (!path) return '--path is missing';
  if (!isCount(total)) return `--total-count=${total} is not a count`;
  if (interval !== undefined && !isCount(interval))
    return `--interval=${interval} is not a number of milliseconds`;
  const count = Number(total);
  return { path, count, interval: Number(interval ?? (count > 0 ? COUNTED_INTERVAL : ENDLESS_INTERVAL)) };
};
