/** References of images, by the grammar that kubelets and container runtimes share (`distribution/reference`). */

const COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${COMPONENT}(?:\\.${COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const TAG = '\\w[\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(`^(${DOMAIN}/${PATH}(?:/${PATH})*)(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const IDENTIFIER = /^[a-f0-9]{64}$/;

const HUB = 'docker.io';
/** The name is longer than a registry may keep. */
const LONGEST = 255;

export type Reference =
  /** `repository` with its registry: `docker.io/library/busybox`. One of `tag` and `digest`; without both, tag `latest`. */
  { kind: 'reference'; repository: string; tag?: string; digest?: string } | { kind: 'invalid'; why: string };

const invalid = (why: string): Reference => ({ kind: 'invalid', why });

/** The first part is a registry only if it looks like a host. */
const splitDomain = (text: string): [domain: string, rest: string] => {
  const slash = text.indexOf('/');
  const first = slash === -1 ? '' : text.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const [domain, rest] = isHost ? [first, text.slice(slash + 1)] : [HUB, text];
  return [domain, domain === HUB && !rest.includes('/') ? `library/${rest}` : rest];
};

/** The parts of a reference as a kubelet completes it, or the complaint with which it gives `InvalidImageName`. */
export const parseReference = (text: string): Reference => {
  if (IDENTIFIER.test(text))
    return invalid(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  const [domain, rest] = splitDomain(text);
  const [path = ''] = rest.split(':');
  if (path !== path.toLowerCase())
    return invalid(`invalid reference format: repository name (${path}) must be lowercase`);
  const [, repository, tag, digest] = REFERENCE.exec(`${domain}/${rest}`) ?? [];
  if (repository === undefined) return invalid('invalid reference format');
  if (repository.slice(domain.length + 1).length > LONGEST)
    return invalid(`repository name must not be more than ${LONGEST} characters`);
  if (digest !== undefined) return { kind: 'reference', repository, digest };
  return { kind: 'reference', repository, tag: tag ?? 'latest' };
};
