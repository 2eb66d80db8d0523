import { parseReference } from '../../../../../shared/contracts/imageReference.ts';
import type { Container, Pod } from '../../../../../shared/model/kubernetes.ts';
import type { FoundImage, Images } from '../../images/images.ts';
import type { RunView } from '../views.ts';
import { type Entry, longer, pauseLeft } from './backoff.ts';
import type { Waiting } from './status.ts';

export interface Note {
  type: 'normal' | 'warning';
  reason: string;
  message: string;
}

export type Passage =
  | { kind: 'open'; image: FoundImage }
  /** `retryIn`: milliseconds until another try makes sense, where that is known. */
  | { kind: 'closed'; waiting: Waiting; note?: Note; retryIn?: number };

/** A name that is none is not asked for anywhere, whatever the pull policy. */
const invalidName = (image: string): Passage | undefined => {
  const reference = parseReference(image);
  if (reference.kind === 'reference') return undefined;
  const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${reference.why}`;
  const note: Note = { type: 'warning', reason: 'InspectFailed', message };
  return { kind: 'closed', waiting: { reason: 'InvalidImageName', message }, note };
};

const identity = ({ metadata }: Pod): string => `${metadata.name}_${metadata.namespace}(${metadata.uid})`;

/**
 * Decides whether a container may start now: the pause after a crash, then its image. Both pauses belong to name and
 * image, so another image starts without one.
 */
export class StartGate {
  private readonly images: Images;
  private readonly crashes = new Map<string, Entry>();
  private readonly pulls = new Map<string, Entry>();

  constructor(images: Images) {
    this.images = images;
  }

  /** Called once for each try to start: a restart makes the next pause longer. */
  pass(pod: Pod, container: Container, last: RunView | undefined, now: Date): Passage {
    return (
      this.crashPause(pod, container, last, now) ??
      invalidName(container.image ?? '') ??
      this.imagePassage(container, now)
    );
  }

  private crashPause(
    pod: Pod,
    { name, image }: Container,
    last: RunView | undefined,
    now: Date,
  ): Passage | undefined {
    if (last?.exit === undefined) return undefined;
    const key = `${name} ${image}`;
    const entry = this.crashes.get(key);
    const retryIn = pauseLeft(entry, last.exit.at, now);
    if (retryIn === 0) {
      this.crashes.set(key, longer(entry, now));
      return undefined;
    }
    const pause = `${(entry?.milliseconds ?? 0) / 1000}s`;
    return {
      kind: 'closed',
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off ${pause} restarting failed container=${name} pod=${identity(pod)}`,
      },
      note: {
        type: 'warning',
        reason: 'BackOff',
        message: `Back-off restarting failed container ${name} in pod ${identity(pod)}`,
      },
      retryIn,
    };
  }

  private imagePassage({ name, image = '', imagePullPolicy }: Container, now: Date): Passage {
    const found = this.images.find(image);
    if (found) return { kind: 'open', image: found };
    if (imagePullPolicy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      const note: Note = { type: 'warning', reason: 'ErrImageNeverPull', message };
      return { kind: 'closed', waiting: { reason: 'ErrImageNeverPull', message }, note };
    }
    const key = `${name} ${image}`;
    const entry = this.pulls.get(key);
    const known = `the local node knows only ${this.images.known.join(', ')}`;
    if (entry && pauseLeft(entry, entry.updated, now) > 0) {
      const message = `Back-off pulling image "${image}": ErrImagePull: ${known}`;
      const note: Note = { type: 'normal', reason: 'BackOff', message: `Back-off pulling image "${image}"` };
      return { kind: 'closed', waiting: { reason: 'ImagePullBackOff', message }, note };
    }
    this.pulls.set(key, longer(entry, now));
    const message = `failed to pull image "${image}": ${known}`;
    const note: Note = {
      type: 'warning',
      reason: 'Failed',
      message: `Failed to pull image "${image}": ${known}`,
    };
    return { kind: 'closed', waiting: { reason: 'ErrImagePull', message }, note };
  }
}
