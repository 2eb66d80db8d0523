import type { Pod } from '../../../../shared/model/kubernetes.ts';
import { volumesDirectory } from './containers/files.ts';
import { makeVolumes } from './files/volumes.ts';
import type { Address } from './pod/fields.ts';
import { podRefusal } from './pod/refusals.ts';
import type { Reporter } from './report/reporter.ts';
import type { Surroundings } from './surroundings.ts';

interface SetupOptions {
  around: Surroundings;
  /** The Pod's directory. */
  directory: string;
  address: Address;
  reporter: Reporter;
  /** The Pod as a whole can't be run. */
  onRefusal: (message: string) => void;
}

/** What a Pod needs before any of its containers: its volumes, once. */
export class PodSetup {
  private readonly options: SetupOptions;
  private isDone = false;

  constructor(options: SetupOptions) {
    this.options = options;
  }

  /** False when the Pod can't be set up (now). */
  async prepare(pod: Pod): Promise<boolean> {
    const { reporter, onRefusal } = this.options;
    const refusal = podRefusal(pod);
    if (refusal !== undefined) {
      onRefusal(refusal);
      reporter.warning('NotSupported', refusal);
      return false;
    }
    if (!this.isDone) this.isDone = await this.makeVolumes(pod);
    return this.isDone;
  }

  private async makeVolumes(pod: Pod): Promise<boolean> {
    const { around, address, reporter } = this.options;
    const sources = around.sources(pod.metadata.namespace ?? '');
    const directory = volumesDirectory(this.options.directory);
    const { serviceAccountToken } = around;
    const failure = await makeVolumes({ pod, directory, address, sources, serviceAccountToken });
    if (failure !== undefined) reporter.warning('FailedMount', failure);
    return failure === undefined;
  }
}
