/** Small stand-ins for the other ports. */
import type { Bus, Clock, Log } from '../../shared/io/ports.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';

export interface FixedClock extends Clock {
  /** Moves the time on; nothing else does. */
  pass(seconds: number): void;
}

/** Stands still; runs nothing. */
export const createFixedClock = (start = '2026-03-01T12:00:00Z'): FixedClock => {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    after: () => () => undefined,
    pass(seconds) {
      now += seconds * 1000;
    },
  };
};

export interface FakeBus extends Bus {
  published: ClusterEvent[];
  /** Set to make every publish fail. */
  fault: Error | undefined;
}

export const createFakeBus = (): FakeBus => {
  const bus: FakeBus = {
    published: [],
    fault: undefined,
    async publish(events) {
      if (bus.fault) throw bus.fault;
      bus.published.push(...events);
    },
  };
  return bus;
};

export interface FakeLog extends Log {
  entries: { level: 'info' | 'warn' | 'error'; message: string; fields?: Record<string, unknown> }[];
}

export const createFakeLog = (): FakeLog => {
  const entries: FakeLog['entries'] = [];
  const at = (level: 'info' | 'warn' | 'error') => (message: string, fields?: Record<string, unknown>) =>
    void entries.push({ level, message, fields });
  return { entries, info: at('info'), warn: at('warn'), error: at('error') };
};
