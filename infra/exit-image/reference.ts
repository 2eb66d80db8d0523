import { parseReference } from '../../shared/contracts/imageReference.ts';

/**
 * The name in full, as a node looks it up: `exit` is `docker.io/library/exit:latest`; beside a digest a tag does not count.
 * `undefined` for what is no name of an image.
 */
export const fullName = (text: string): string | undefined => {
  const reference = parseReference(text);
  if (reference.kind === 'invalid') return undefined;
  const { repository, tag, digest } = reference;
  return digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`;
};
