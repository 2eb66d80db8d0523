/** Everything that is not a resource: health, version, discovery, OpenAPI. */
import { negotiate } from './accept.ts';
import type { Answer } from './answers.ts';
import { aggregatedDiscovery, discoveryDocument } from './discovery.ts';
import type { Backend } from './exchange.ts';
import { openapiDocument } from './openapi.ts';

const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0-sidecarset-local',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

const HEALTH = ['/healthz', '/livez', '/readyz'];

/** What anyone may read, with or without a token. */
export const openDocument = (path: string): Answer | undefined => {
  if (HEALTH.includes(path)) return { status: 200, body: 'ok' };
  return path === '/version' ? { status: 200, body: VERSION } : undefined;
};

/** The content type says whether discovery came aggregated: clients go by it, not by the body. */
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const discovery = ({ api }: Backend, path: string, accept: string | undefined): Answer | undefined => {
  const isRoot = path === '/api' || path === '/apis';
  if (isRoot && negotiate(accept).kind === 'aggregated-discovery') {
    return { status: 200, body: aggregatedDiscovery(api.resources(), path), contentType: AGGREGATED };
  }
  const body = discoveryDocument(api.resources(), path);
  return body && { status: 200, body };
};

/**
 * An empty message in the protobuf form of OpenAPI v2. kubectl falls back to it for kinds that the v3 documents don't
 * have, such as a resource whose definition comes in the same file; it then leaves validation to the server.
 */
const OPENAPI_V2: Answer = {
  status: 200,
  body: '',
  contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
};

/** `undefined` if the path is none of them, or of a group or version that is not served. */
export const document = (backend: Backend, path: string, accept: string | undefined): Answer | undefined => {
  if (!path.startsWith('/openapi/')) return discovery(backend, path, accept);
  if (path === '/openapi/v2') return OPENAPI_V2;
  const body = openapiDocument(backend.api.resources(), path);
  return body && { status: 200, body };
};
