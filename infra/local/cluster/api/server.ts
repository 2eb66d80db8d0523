/** The Kubernetes API in memory. Every request is a value, every answer another; HTTP is somebody else's work. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../shared/io/ports.ts';
import { LABEL_NAMESPACE_NAME } from '../../../../shared/model/names.ts';
import { wholeSeconds } from '../../../../shared/model/time.ts';
import { createAdmission } from './admission/admission.ts';
import { type Call, readCall } from './call.ts';
import { createConverter } from './conversion/converter.ts';
import type { Core } from './core.ts';
import { startDefinitionController } from './definitions/controller.ts';
import { badRequest, methodNotAllowed } from './errors.ts';
import { keyOf } from './objects.ts';
import { createRegistry } from './registry.ts';
import type { ResourceType } from './resourceType.ts';
import { failure } from './status.ts';
import { createStore, type Store } from './store.ts';
import type { ApiRequest, ApiResponse, ApiServer, RegisteredResource, WebhookCaller } from './types.ts';
import { bind } from './verbs/bind.ts';
import { create } from './verbs/create.ts';
import { get, list } from './verbs/read.ts';
import { remove, removeCollection } from './verbs/remove.ts';
import { patch, replace } from './verbs/update.ts';
import { watch } from './verbs/watch.ts';
import { createWebhookCaller } from './webhookCaller.ts';

export interface ApiServerOptions {
  clock: Clock;
  /** For tests and simulations; by default webhooks are called over HTTPS. */
  callWebhook?: WebhookCaller;
  /** How many changes at least can be resumed from or paged through; older ones answer 410. */
  historyLimit?: number;
}

const FIRST_NAMESPACES = ['default', 'kube-system'];
const HISTORY_LIMIT = 5000;

const addNamespace = (store: Store, clock: Clock, name: string): void => {
  store.put('/namespaces', keyOf(undefined, name), {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: randomUUID(),
      creationTimestamp: wholeSeconds(clock.now()),
      labels: { [LABEL_NAMESPACE_NAME]: name },
    },
    status: { phase: 'Active' },
  });
};

const createCore = (options: ApiServerOptions): Core => {
  const { clock, callWebhook = createWebhookCaller(), historyLimit = HISTORY_LIMIT } = options;
  const store = createStore(historyLimit);
  const registry = createRegistry(store);
  startDefinitionController(store, clock);
  const converter = createConverter(callWebhook);
  const admission = createAdmission({ store, registry, converter, callWebhook, clock });
  for (const name of FIRST_NAMESPACES) addNamespace(store, clock, name);
  return { clock, store, registry, converter, admission };
};

const isWatch = (call: Call): boolean => ['true', '1'].includes(call.query.get('watch') ?? '');

const onCollection = async (core: Core, call: Call): Promise<ApiResponse> => {
  switch (call.method) {
    case 'GET':
      return { status: 200, body: await list(core, call) };
    case 'POST':
      return { status: 201, body: await create(core, call) };
    case 'DELETE':
      return { status: 200, body: await removeCollection(core, call) };
    default:
      throw methodNotAllowed();
  }
};

const onObject = async (core: Core, call: Call): Promise<ApiResponse> => {
  switch (call.method) {
    case 'GET':
      return { status: 200, body: await get(core, call) };
    case 'PUT':
      return { status: 200, body: await replace(core, call) };
    case 'PATCH':
      return { status: 200, body: await patch(core, call) };
    case 'DELETE':
      if (call.subresource !== undefined) throw methodNotAllowed();
      return { status: 200, body: await remove(core, call) };
    default:
      throw methodNotAllowed();
  }
};

const answer = (core: Core, call: Call): Promise<ApiResponse> => {
  if (call.method === 'GET' && isWatch(call))
    throw badRequest('a watch is started with watch(), not with handle()');
  if (call.subresource === 'binding') {
    if (call.method !== 'POST') throw methodNotAllowed();
    return bind(core, call).then((body) => ({ status: 201, body }));
  }
  return call.name === undefined ? onCollection(core, call) : onObject(core, call);
};

/** Schemas are large and never change: they are not copied. */
const registered = (type: ResourceType): RegisteredResource => {
  const {
    rules: _,
    custom: _custom,
    storageVersion,
    conversion,
    schemas,
    terminating,
    schema,
    ...shown
  } = type;
  return { ...structuredClone(shown), ...(schema && { schema }) };
};

/** Namespaces `default` and `kube-system` are there from the start. */
export const createApiServer = (options: ApiServerOptions): ApiServer => {
  const core = createCore(options);
  const handle = async (request: ApiRequest): Promise<ApiResponse> => {
    const warnings: string[] = [];
    const added = () => (warnings.length > 0 ? { warnings } : {});
    try {
      const call = { ...readCall(core.registry, request), warnings };
      if (call.type.deprecation !== undefined) warnings.push(call.type.deprecation);
      return { ...(await answer(core, call)), ...added() };
    } catch (error) {
      return { ...failure(error), ...added() };
    }
  };
  return {
    handle,
    resources: () => core.registry.all().map(registered),
    watch(request, onEvent) {
      try {
        const call = readCall(core.registry, request);
        if (call.method !== 'GET' || call.subresource !== undefined) throw methodNotAllowed();
        return watch(core, call, onEvent);
      } catch (error) {
        return failure(error);
      }
    },
  };
};
