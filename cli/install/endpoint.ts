/** Where the functions are, as the user says it. */
import { readFile } from 'node:fs/promises';
import { UserFacingError } from '../failure.ts';
import type { Endpoint } from './render.ts';

export interface EndpointOptions {
  /** `https://host/cluster`. */
  url: string;
  /** PEM file. */
  caBundle?: string;
  tokenFile?: string;
}

const VARIABLE = 'SIDECARSET_TOKEN';

/** What may stand in a path segment as it is. */
const TOKEN = /^[A-Za-z0-9._~-]{16,}$/;

const read = async (option: string, file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'no such file' : cause.message;
    throw new UserFacingError(`${option} ${file}: can't be read: ${why}`, { cause });
  });

const readToken = async (tokenFile: string | undefined, given: string | undefined): Promise<string> => {
  if (tokenFile === undefined && given === undefined) {
    throw new UserFacingError(`--token-file: name a file that holds the path token, or set ${VARIABLE}`);
  }
  const [place, text] =
    tokenFile === undefined
      ? [VARIABLE, given ?? '']
      : [`--token-file ${tokenFile}`, await read('--token-file', tokenFile)];
  const token = text.trim();
  if (TOKEN.test(token)) return token;
  throw new UserFacingError(
    `${place}: expected one token of at least 16 letters, digits, "-", "_", "." or "~", without a comma`,
  );
};

const readCa = async (file: string): Promise<string> => {
  const ca = await read('--ca-bundle', file);
  if (ca.includes('-----BEGIN CERTIFICATE-----')) return ca;
  throw new UserFacingError(`--ca-bundle ${file}: expected certificates in PEM`);
};

const HINT = 'expected https://host/cluster, where cluster is the CLUSTER_NAME of the functions';

const parseUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const segments = url?.pathname.split('/').filter((segment) => segment !== '') ?? [];
  if (url?.protocol !== 'https:' || segments.length !== 1 || url.search || url.hash || url.username) {
    // What was given is not quoted: it may hold the token.
    throw new UserFacingError(`--url: ${HINT}; the token comes from --token-file`);
  }
  return url;
};

/** Rejects with a sentence that names the option; never with the token in it. */
export const readEndpoint = async (
  { url, caBundle, tokenFile }: EndpointOptions,
  environment: Record<string, string | undefined>,
): Promise<Endpoint> => {
  const { origin, pathname } = parseUrl(url);
  const token = await readToken(tokenFile, environment[VARIABLE]);
  return {
    url: `${origin}${pathname.replace(/\/$/, '')}/${token}`,
    ...(caBundle !== undefined && { ca: await readCa(caBundle) }),
  };
};
