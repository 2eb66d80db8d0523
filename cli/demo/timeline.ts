import pc from 'picocolors';
import type { TimelineEntry } from './report.ts';

export interface Timeline {
  entries: TimelineEntry[];
  add(at: Date, pod: string, container: string, what: string): void;
  /** A line that is not part of the timeline: a headline or a table. */
  say(text: string): void;
}

const POD_WIDTH = 30;
const CONTAINER_WIDTH = 10;

/** Prints each entry as it comes, with the seconds since `start`. */
export const createTimeline = (start: Date, print: (line: string) => void): Timeline => {
  const entries: TimelineEntry[] = [];
  return {
    entries,
    add(at, pod, container, what) {
      entries.push({ at: at.toISOString(), pod, container, what });
      const seconds = ((at.getTime() - start.getTime()) / 1000).toFixed(2).padStart(6);
      print(
        `${pc.dim(`${seconds}s`)}  ${pod.padEnd(POD_WIDTH)} ${pc.cyan(container.padEnd(CONTAINER_WIDTH))} ${what}`,
      );
    },
    say: print,
  };
};
