/** Turns what happened into the words of the timeline. Pure. */
import type { NodeFact } from '../../infra/local/cluster/node/facts.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { ANNOTATION_INJECTED_LIST, ANNOTATION_LAUNCH_OPENED } from '../../shared/model/names.ts';

export interface Sentence {
  container: string;
  what: string;
}

/** What a new sight of a Pod says that the last one did not. */
export const podSentences = (previous: Pod | undefined, pod: Pod, type: string): Sentence[] => {
  if (type === 'DELETED') return [{ container: '', what: 'deleted' }];
  const sentences: Sentence[] = [];
  const say = (container: string, what: string) => sentences.push({ container, what });
  const { annotations = {} } = pod.metadata;
  if (!previous) {
    const sets = annotations[ANNOTATION_INJECTED_LIST];
    const names = pod.spec.containers.map(({ name }) => name).join(', ');
    say('', `created with containers ${names}${sets ? `, injected by ${sets}` : ''}`);
  }
  const opened = annotations[ANNOTATION_LAUNCH_OPENED];
  if (opened && opened !== previous?.metadata.annotations?.[ANNOTATION_LAUNCH_OPENED]) {
    say('', `start level ${opened} opened`);
  }
  const images = new Map(previous?.spec.containers.map(({ name, image }) => [name, image]));
  for (const { name, image = '' } of pod.spec.containers) {
    if (images.has(name) && images.get(name) !== image) say(name, `image set to ${tag(image)} in place`);
  }
  if (previous && pod.status?.phase !== previous.status?.phase) say('', `phase ${pod.status?.phase}`);
  return sentences;
};

/** `edge` of `registry.example/team/agent:edge`. */
export const tag = (image: string): string => image.slice(image.lastIndexOf(':') + 1);

/** What a fact of the node says; waiting and image changes are told by the Pod. */
export const factSentence = ({
  container,
  what,
  detail,
  pid,
  image = '',
}: NodeFact): Sentence | undefined => {
  switch (what) {
    case 'started':
      return { container, what: `started ${tag(image)}, pid ${pid}` };
    case 'signalled':
      return { container, what: detail };
    case 'exited':
    case 'probe-failed':
      return { container, what: `${what} (${detail})` };
    case 'waiting':
    case 'image-changed':
      return undefined;
    default:
      return what satisfies never;
  }
};
