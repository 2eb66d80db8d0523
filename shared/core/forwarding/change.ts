import type { Pod } from '../../model/kubernetes.ts';

/** A reviewed write: `before` is absent for a CREATE, `after` for a DELETE. */
export interface Change<T = Pod> {
  before: T | undefined;
  after: T | undefined;
}

/** Whether an update changes what `view` shows of the object; JSON values are compared as text. */
export const changes = <T>({ before, after }: Change<T>, view: (object: T) => unknown): boolean =>
  before !== undefined && after !== undefined && JSON.stringify(view(before)) !== JSON.stringify(view(after));
