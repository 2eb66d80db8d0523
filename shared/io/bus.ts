import { type ClusterEvent, EVENT_DETAIL_TYPE, EVENT_SOURCE } from '../model/event.ts';
import { systemClock } from './clock.ts';
import { once } from './once.ts';
import type { Bus, Clock } from './ports.ts';

/** One entry of `events:PutEvents`. */
export interface BusEntry {
  Source: string;
  DetailType: string;
  EventBusName: string;
  /** JSON of a {@link ClusterEvent}. */
  Detail: string;
}

/** The answer for each entry, in order; one with an ErrorCode was not taken. */
export interface EntryResult {
  ErrorCode?: string;
  ErrorMessage?: string;
}

export interface BusOptions {
  busName: string;
  clock?: Clock;
  /** Sends at most 10 entries; `events:PutEvents` by default. */
  putEvents?: (entries: BusEntry[]) => Promise<EntryResult[]>;
}

const ENTRIES_A_CALL = 10;
const TRIES = 4;
const PAUSE_MILLISECONDS = 100;

export const toEntry = (event: ClusterEvent, busName: string): BusEntry => ({
  Source: EVENT_SOURCE,
  DetailType: EVENT_DETAIL_TYPE,
  EventBusName: busName,
  Detail: JSON.stringify(event),
});

/** The SDK is loaded with the first event: most invocations send none. */
const throughSdk = (): NonNullable<BusOptions['putEvents']> => {
  const sender = once(async () => {
    const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
    const client = new EventBridgeClient({});
    return (entries: BusEntry[]) => client.send(new PutEventsCommand({ Entries: entries }));
  });
  return async (entries) => (await (await sender())(entries)).Entries ?? [];
};

const chunks = <T>(items: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/**
 * The event bus. An answer of 200 does not mean that each entry was taken: those that were not are sent up to three
 * times more, 100 ms apart; `publish` rejects if one is left even then, or at once if a whole call fails.
 */
export const createBus = ({ busName, clock = systemClock, putEvents = throughSdk() }: BusOptions): Bus => {
  const pause = () => new Promise<void>((resolve) => void clock.after(PAUSE_MILLISECONDS, resolve));

  const send = async (entries: BusEntry[]): Promise<void> => {
    let left = entries;
    for (let attempt = 1; ; attempt++) {
      const results = await putEvents(left);
      const codes = new Set(results.map((result) => result.ErrorCode).filter((code) => code !== undefined));
      left = left.filter(
        (_, index) => results[index] === undefined || results[index].ErrorCode !== undefined,
      );
      if (left.length === 0) return;
      if (attempt === TRIES) {
        throw new Error(
          `${left.length} events were not taken by the bus ${busName}: ${[...codes].join(', ')}`,
        );
      }
      await pause();
    }
  };

  return {
    async publish(events) {
      const entries = events.map((event) => toEntry(event, busName));
      for (const chunk of chunks(entries, ENTRIES_A_CALL)) await send(chunk);
    },
  };
};
