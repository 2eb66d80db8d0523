import type { Container, Pod } from '../../../../../shared/model/kubernetes.ts';
import { type Actions, inOrder } from '../pod/actions.ts';
import { isNativeSidecar } from '../pod/restart.ts';
import type { Waiting } from '../pod/status.ts';
import { type Failure, Starter, type StarterOptions } from './starter.ts';
import { Stopper } from './stopper.ts';

/** When to try again: after some milliseconds, or some time `later`. */
export type Retry = number | 'later';

/** Does what one sync has decided, in the kubelet's order, and remembers who waits for what. */
export class Performer {
  /** Why the last attempt to start a container failed, by container. */
  readonly waiting = new Map<string, Waiting>();
  readonly stopper: Stopper;
  private readonly starter: Starter;
  private readonly options: StarterOptions;

  constructor(options: StarterOptions) {
    this.options = options;
    this.stopper = new Stopper(options);
    this.starter = new Starter(options, this.stopper);
  }

  /** `undefined` when all went well, else when another try makes sense. */
  async perform(pod: Pod, actions: Actions): Promise<Retry | undefined> {
    const { ending } = this.options;
    if (actions.endAll) {
      await this.stopper.stopAll(pod);
      return undefined;
    }
    for (const wish of actions.stop) await this.stopper.stop(pod, wish);
    const failures: (Failure | undefined)[] = [];
    for (const container of actions.ephemeral)
      failures.push(this.noted(container.name, await this.starter.startEphemeral(pod, container)));
    const restarts = actions.stop.flatMap(({ container, restart }) => (restart ? [container] : []));
    for (const container of inOrder(pod.spec, [...actions.start, ...restarts])) {
      if (ending.aborted) break;
      const failure = this.noted(container.name, await this.starter.start(pod, container));
      failures.push(failure);
      if (failure && isPlainInit(pod, container)) break;
    }
    return soonest(failures.filter((failure) => failure !== undefined));
  }

  /** Says why a container waits, or that it waits no more. */
  wait(name: string, waiting: Waiting | undefined): void {
    const before = this.waiting.get(name);
    if (waiting === undefined) this.waiting.delete(name);
    else this.waiting.set(name, waiting);
    if (waiting && waiting.message !== before?.message) {
      this.options.reporter.fact(name, 'waiting', `${waiting.reason}: ${waiting.message}`);
    }
  }

  private noted(name: string, failure: Failure | undefined): Failure | undefined {
    this.wait(name, failure?.waiting);
    return failure;
  }
}

/** What comes after it must not start without it. */
const isPlainInit = ({ spec }: Pod, container: Container): boolean =>
  !isNativeSidecar(container) && (spec.initContainers ?? []).some(({ name }) => name === container.name);

const soonest = (failures: Failure[]): Retry | undefined => {
  const known = failures.flatMap(({ retryIn = [] }) => retryIn);
  return failures.length > known.length ? 'later' : known.sort((a, b) => a - b)[0];
};
