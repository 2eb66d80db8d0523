import type { Clock } from '../../../../../shared/io/ports.ts';
import type { Container } from '../../../../../shared/model/kubernetes.ts';
import type { Reporter } from '../report/reporter.ts';
import { Health } from './health.ts';
import type { Run } from './run.ts';

interface Watchers {
  clock: Clock;
  reporter: Reporter;
  /** Something has to be done about the container. */
  wake: () => void;
  /** Nothing but the status has changed. */
  report: () => void;
}

/** Watches a run by its container's probes. One that has started lets the next init container start. */
export const watchRun = (
  { clock, reporter, wake, report }: Watchers,
  container: Container,
  run: Run,
): Health => {
  const health: Health = new Health({
    run,
    container,
    clock,
    onChange(kind) {
      report();
      if (health.failing || kind === 'Startup') wake();
    },
    onFailedLook(kind, output) {
      reporter.warning('Unhealthy', `${kind} probe failed: ${output}`);
      reporter.fact(container.name, 'probe-failed', `${kind} probe: ${output}`);
    },
  });
  return health;
};
