/**
 * There is no PID namespace, so `kill 1` in a container would hit the machine's own first process. The node therefore
 * delivers the plain form itself, and lets no other near a shell.
 */
import { constants } from 'node:os';

export type KillCommand =
  | { kind: 'none' }
  | { kind: 'signal'; signal: NodeJS.Signals }
  /** `kill -0 1`: only asks whether process 1 is there. */
  | { kind: 'test' }
  | { kind: 'refused'; message: string };

const PROGRAM = /^((\/usr)?\/bin\/)?kill$/;
const SHELL = /^((\/usr)?\/bin\/)?(ba|da)?sh$/;
/** kill and its relatives as a word of any command. */
const MENTION = /(?<![\w-])(kill|pkill|killall5?|skill|snice)(?![\w-])/;

const signalNamed = (text: string): NodeJS.Signals | 0 | undefined => {
  if (text === '0') return 0;
  const name = text.toUpperCase().replace(/^(?!SIG)/, 'SIG');
  const entry = Object.entries(constants.signals).find(
    ([key, number]) => key === name || String(number) === text,
  );
  return entry?.[0] as NodeJS.Signals | undefined;
};

/** The signal of `kill [-SIGNAL | -s SIGNAL | -n NUMBER] [--] 1`, given the words after `kill`. */
const signalToOne = (words: string[]): NodeJS.Signals | 0 | undefined => {
  const rest = [...words];
  let signal: string | undefined = 'TERM';
  if (rest[0] === '-s' || rest[0] === '-n' || rest[0] === '--signal') [, signal] = rest.splice(0, 2);
  else if (/^-\w+$/.test(rest[0] ?? '')) signal = rest.shift()?.slice(1);
  if (rest[0] === '--') rest.shift();
  return rest.length === 1 && rest[0] === '1' && signal !== undefined ? signalNamed(signal) : undefined;
};

/** The words of `sh -c '<plain words>'`, else the command itself. */
const unwrapped = (command: string[]): string[] => {
  const [shell = '', option, script = '', ...rest] = command;
  const plain = SHELL.test(shell) && option === '-c' && rest.length === 0 && /^[\w\s/-]+$/.test(script);
  return plain ? script.trim().split(/\s+/) : command;
};

/** What to do about a command that somebody wants to execute in a container. */
export const parseKill = (command: string[]): KillCommand => {
  const [program = '', ...words] = unwrapped(command);
  if (PROGRAM.test(program)) {
    const signal = signalToOne(words);
    if (signal === 0) return { kind: 'test' };
    if (signal !== undefined) return { kind: 'signal', signal };
  }
  if (!command.some((word) => MENTION.test(word))) return { kind: 'none' };
  const message = `the local node has no PID namespace: of kill and its like it runs only "kill [-SIGNAL] 1", not "${command.join(' ')}"`;
  return { kind: 'refused', message };
};

const KILL_BY_NAME = /^(pkill|killall5?|skill|snice)$/;

const targets = (words: string[]): string[] => {
  const [first = ''] = words;
  if (/^(-s|-n|--signal)$/.test(first)) return words.slice(2);
  return first !== '--' && first.startsWith('-') ? words.slice(1) : words;
};

const reachesOut = (words: string[]): boolean => {
  const at = words.findIndex((word) => PROGRAM.test(word) || KILL_BY_NAME.test(word));
  if (at === -1) return false;
  return (
    !PROGRAM.test(words[at] ?? '') || targets(words.slice(at + 1)).some((word) => /^(1|-\d+)$/.test(word))
  );
};

/**
 * The first simple command in a container's own command by which a signal would leave the container: `kill` whose
 * target is literally process 1, everybody or a process group by number, or `pkill` and the like; else `undefined`.
 */
export const harmfulKill = (command: string[]): string | undefined =>
  command
    .join(' ')
    .replaceAll(/["']/g, '')
    .split(/[\n;&|(){}`]+/)
    .map((simple) => simple.trim())
    .find((simple) => reachesOut(simple.split(/\s+/)));
