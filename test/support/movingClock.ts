import type { Clock } from '../../shared/io/ports.ts';

export interface MovingClock extends Clock {
  /** Moves the time on and runs what falls due, in order, each at its own moment. */
  advance(milliseconds: number): void;
  /** How many actions still wait. */
  waiting(): number;
}

export const createMovingClock = (start = '2026-03-01T12:00:00Z'): MovingClock => {
  let now = Date.parse(start);
  const timers = new Set<{ at: number; action: () => void }>();
  const nextUntil = (end: number) => [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => new Date(now),
    after(milliseconds, action) {
      const timer = { at: now + milliseconds, action };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.action();
      }
      now = end;
    },
    waiting: () => timers.size,
  };
};
