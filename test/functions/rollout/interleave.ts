/** Several rollout functions at once, interleaved at every call of the cluster, as a seed wants it. */
import { ClusterError } from '../../../shared/io/ports.ts';
import { noAnswer, type Through, throughAll } from './through.ts';
import type { World } from './world.ts';

/** Milliseconds after which a call has no answer, and a process is gone. */
const CALL = 5_000;
const PROCESS = 50_000;

interface Turn {
  since: number;
  /** The call takes effect now, or fails. */
  go(fault?: Error): void;
}

/** Most of what waits on promises has run; what has not comes later, which is an order too. */
const quiet = async (): Promise<void> => {
  for (let ticks = 0; ticks < 8; ticks++) await undefined;
};

export interface Interleaving {
  /** How many functions run at a time. */
  width: number;
  /** Something else that happens now and then. */
  meanwhile?: () => void;
  most?: number;
}

/** As `settle` of the world, but with several deliveries under way. Returns how many there were. */
export const settleInterleaved = async (
  world: World,
  { width, meanwhile, most = 2_000 }: Interleaving,
): Promise<number> => {
  const { clock, random, queue } = world;
  const turns: Turn[] = [];
  let active = 0;
  let deliveries = 0;
  const now = (): number => clock.now().getTime();

  const processOf = (started: number): Through =>
    throughAll(
      (_, perform) =>
        new Promise((resolve, reject) => {
          const since = now();
          const go = (): void => {
            if (now() >= started + PROCESS) reject(new ClusterError(0, '', 'the process is gone'));
            else if (now() > since + CALL) reject(noAnswer());
            else resolve(perform());
          };
          turns.push({ since, go });
        }),
    );

  const start = (): boolean => {
    const due = queue.filter(({ at }) => at <= now());
    if (active >= width || due.length === 0) return false;
    const message = random.take(due);
    queue.splice(queue.indexOf(message), 1);
    active += 1;
    deliveries += 1;
    world.deliver(message.event, processOf(now())).finally(() => {
      active -= 1;
    });
    return true;
  };

  const goOn = (): void => {
    if (turns.length > 0) random.take(turns).go();
    else if (!start()) world.nodeActs();
  };

  /** Tried by chance, in so many of a hundred cases. */
  const options: [number, () => boolean][] = [
    [12, () => world.nodeActs()],
    [3, () => clock.pass(random.below(4)) === undefined],
    [2, () => meanwhile?.() === undefined],
    [23, start],
  ];

  const anything = (): void => {
    let dice = random.below(100);
    const chosen = options.find(([chance]) => {
      dice -= chance;
      return dice < 0;
    });
    if (!chosen?.[1]()) goOn();
  };

  while (deliveries < most) {
    await quiet();
    if (active > 0 || queue.some(({ at }) => at <= now())) anything();
    else if (!world.nodeActs()) {
      if (queue.length === 0) return deliveries;
      clock.pass((Math.min(...queue.map(({ at }) => at)) - now()) / 1000);
    }
  }
  throw new Error(`not settled after ${most} deliveries`);
};
