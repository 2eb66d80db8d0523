/** Every process group that the node started and that may still live, so that nothing is left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Learns of groups on its input (`+ PID`, `- PID`) and kills those that are left when the input ends: that is, also
 * when this process is killed. It never takes 0 or 1 for a group.
 */
const WATCHDOG = `
trap '' HUP INT TERM
live=' '
while read -r what group; do
  case $group in '' | 0 | 1 | *[!0-9]*) continue ;; esac
  case $what in
    +) live="$live$group " ;;
    -) case $live in *" $group "*) live="\${live%% $group *} \${live#* $group }" ;; esac ;;
  esac
done
for group in $live; do kill -KILL "-$group"; done
`;

/** Kills a process group that we started; a group that is gone is fine. */
export const killGroup = (leader: number): void => {
  if (!Number.isInteger(leader) || leader <= 1) throw new Error(`${leader} is not a process group of ours`);
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended already.
  }
};

const everyone = new Set<Groups>();

/** Kills, at once, everything that any node of this process has started; safe in an `exit` listener. */
export const killAllNow = (): void => {
  for (const groups of everyone) groups.killAll();
};

export class Groups {
  private readonly live = new Set<number>();
  private readonly watchdog: ChildProcess;

  constructor() {
    this.watchdog = spawn('/bin/sh', ['-c', WATCHDOG], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
    });
    this.watchdog.on('error', () => this.killAll());
    this.watchdog.stdin?.on('error', () => undefined);
    this.watchdog.unref();
    everyone.add(this);
  }

  add(leader: number): void {
    this.live.add(leader);
    this.watchdog.stdin?.write(`+ ${leader}\n`);
  }

  /** Ends what is left of a group whose first process has ended, and forgets it. */
  finish(leader: number): void {
    if (!this.live.delete(leader)) return;
    killGroup(leader);
    this.watchdog.stdin?.write(`- ${leader}\n`);
  }

  /** A group that has ended is left alone: its number may be another's by now. */
  kill(leader: number): void {
    if (this.live.has(leader)) killGroup(leader);
  }

  killAll(): void {
    for (const leader of this.live) killGroup(leader);
  }

  /** Kills what lives and waits for the watchdog to end. */
  async close(): Promise<void> {
    this.killAll();
    everyone.delete(this);
    if (this.watchdog.exitCode !== null || this.watchdog.signalCode !== null) return;
    const ended = once(this.watchdog, 'exit');
    this.watchdog.ref();
    this.watchdog.stdin?.end();
    await ended;
  }
}
