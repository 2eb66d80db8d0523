/** EventBridge Scheduler: invokes a function with a schedule's input at its rate, the first time after one period. */
import type { Clock } from '../../../shared/io/ports.ts';

export interface ScheduleOptions {
  everyMilliseconds: number;
  clock: Clock;
  invoke: () => void;
}

/** Returns what ends it. Calls do not wait for each other, as on AWS. */
export const startSchedule = ({ everyMilliseconds, clock, invoke }: ScheduleOptions): (() => void) => {
  let cancel = () => {};
  const next = (): void => {
    cancel = clock.after(everyMilliseconds, () => {
      next();
      invoke();
    });
  };
  next();
  return () => cancel();
};
