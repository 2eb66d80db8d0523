import type { Failing } from '../pod/probes.ts';
import type { ContainerView, RunView, Snapshot } from '../views.ts';
import type { Health } from './health.ts';
import type { Run } from './run.ts';

interface Live {
  run: Run;
  health: Health;
}

interface Pages {
  current: Live | RunView;
  previous?: RunView;
}

const isLive = (page: Live | RunView): page is Live => 'run' in page;
const viewOf = (page: Live | RunView): RunView => (isLive(page) ? page.run.view() : page);

/** The last two runs of every container of a Pod, as they are this moment. */
export class RunBook {
  private readonly pages = new Map<string, Pages>();

  /** A run that could not be executed comes as a view. */
  add(container: string, current: Live | RunView): void {
    const before = this.pages.get(container);
    this.pages.set(container, { current, ...(before && { previous: viewOf(before.current) }) });
  }

  nextAttempt(container: string): number {
    const pages = this.pages.get(container);
    return pages === undefined ? 0 : viewOf(pages.current).attempt + 1;
  }

  view(container: string): ContainerView | undefined {
    const pages = this.pages.get(container);
    return pages && { ...pages, current: viewOf(pages.current) };
  }

  /** The container's run, if its first process lives. */
  running(container: string): Run | undefined {
    const current = this.pages.get(container)?.current;
    return current && isLive(current) && current.run.isRunning ? current.run : undefined;
  }

  allRunning(): [string, Run][] {
    return [...this.pages.keys()].flatMap((name) => {
      const run = this.running(name);
      return run ? [[name, run]] : [];
    });
  }

  snapshot(sandbox: boolean): Snapshot {
    const containers = [...this.pages].map(([name, pages]): [string, ContainerView] => [
      name,
      { ...pages, current: viewOf(pages.current) },
    ]);
    return { sandbox, containers: new Map(containers) };
  }

  /** Containers whose probes ask for an end. */
  failing(): Map<string, Failing> {
    return new Map(
      this.live().flatMap(([name, { health }]) => (health.failing ? [[name, health.failing] as const] : [])),
    );
  }

  /** Ids of the runs that their probes call started, or ready. */
  idsOf(what: 'started' | 'ready'): Set<string> {
    return new Set(this.live().flatMap(([, { run, health }]) => (health[what] ? [run.id] : [])));
  }

  private live(): [string, Live][] {
    return [...this.pages].flatMap(([name, { current }]) => (isLive(current) ? [[name, current]] : []));
  }
}
