/** Images by digest, as written in a Pod and as reported by the node. */
const PINNED = /^(?:[^/]+:\/\/)?([^@]+)@([a-z0-9+._-]+:[0-9a-f]+)$/;

/** `nginx` is `docker.io/library/nginx`; a tag beside a digest says nothing. */
const fullRepository = (reference: string): string => {
  const repository = reference.replace(/:[^/:]*$/, '');
  const [registry = '', ...path] = repository.split('/');
  if (path.length === 0) return `docker.io/library/${repository}`;
  return /[.:]/.test(registry) || registry === 'localhost' ? repository : `docker.io/${repository}`;
};

/**
 * Full repository and digest, for comparison; `undefined` unless the image is named by digest.
 *
 * @param image of a container's spec, or an imageID of its status (which may start with `docker-pullable://`)
 */
export const digestOf = (image = ''): string | undefined => {
  const [, reference, digest] = PINNED.exec(image) ?? [];
  return reference === undefined ? undefined : `${fullRepository(reference)}@${digest}`;
};
