/** Requests that open a stream: admitted here, served by somebody else. */
import { readConnection } from '../call.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { ApiRequest } from '../types.ts';

/** Rejects with an ApiError if a policy is against it. */
export const connect = async (core: Core, request: ApiRequest, options: JsonObject): Promise<void> => {
  const { type, namespace, name = '', subresource, user } = readConnection(core.registry, request);
  const kind = 'PodExecOptions';
  const attributes = {
    operation: 'CONNECT' as const,
    type,
    kind: { group: '', version: 'v1', kind },
    subresource,
    namespace,
    name,
    oldObject: undefined,
    user,
    dryRun: false,
    options: {},
    warnings: [],
  };
  const object = { apiVersion: 'v1', kind, metadata: { name: '' }, ...options };
  await core.admission.validate(attributes, object);
};
