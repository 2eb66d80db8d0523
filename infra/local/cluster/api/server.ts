/** The Kubernetes API in memory. Every request is a value, every answer another; HTTP is somebody else's work. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../shared/io/ports.ts';
import { LABEL_NAMESPACE_NAME } from '../../../../shared/model/names.ts';
import { wholeSeconds } from '../../../../shared/model/time.ts';
import { createAdmission } from './admission/admission.ts';
import { accessOf } from './authorization/attributes.ts';
import { createAuthorizer, RBAC } from './authorization/authorizer.ts';
import { FIRST_ROLES } from './authorization/bootstrap.ts';
import { isReview, review } from './authorization/reviews.ts';
import { type Call, readCall, userOf } from './call.ts';
import { createConverter } from './conversion/converter.ts';
import type { Core } from './core.ts';
import { startDefinitionController } from './definitions/controller.ts';
import { badRequest, methodNotAllowed } from './errors.ts';
import { type ApiObject, keyOf } from './objects.ts';
import { isApply } from './patch/patch.ts';
import { withPolicies } from './policies/policies.ts';
import { createRegistry } from './registry.ts';
import type { ResourceType } from './resourceType.ts';
import { failure } from './status.ts';
import { createStore, type Store } from './store.ts';
import type { ApiRequest, ApiResponse, ApiServer, RegisteredResource, WebhookCaller } from './types.ts';
import { bind } from './verbs/bind.ts';
import { connect } from './verbs/connect.ts';
import { create } from './verbs/create.ts';
import { evict } from './verbs/evict.ts';
import { get, list } from './verbs/read.ts';
import { remove, removeCollection } from './verbs/remove.ts';
import { patch, replace, serverSideApply } from './verbs/update.ts';
import { watch } from './verbs/watch.ts';
import { shownWarnings } from './warnings.ts';
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

const add = (store: Store, clock: Clock, section: string, object: ApiObject): void => {
  const metadata = { uid: randomUUID(), creationTimestamp: wholeSeconds(clock.now()) };
  store.put(section, keyOf(undefined, object.metadata.name), {
    ...object,
    metadata: { ...metadata, ...object.metadata },
  });
};

/** What is there before the first request. */
const fill = (store: Store, clock: Clock): void => {
  for (const name of FIRST_NAMESPACES)
    add(store, clock, '/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { [LABEL_NAMESPACE_NAME]: name } },
      status: { phase: 'Active' },
    });
  for (const { plural, object } of FIRST_ROLES) add(store, clock, `${RBAC}/${plural}`, object);
};

const createCore = (options: ApiServerOptions): Core => {
  const { clock, callWebhook = createWebhookCaller(), historyLimit = HISTORY_LIMIT } = options;
  const store = createStore(historyLimit);
  const registry = createRegistry(store);
  startDefinitionController(store, clock);
  const converter = createConverter(callWebhook);
  const webhooks = createAdmission({ store, registry, converter, callWebhook, clock });
  const admission = withPolicies(webhooks, { store, registry, converter });
  const authorizer = createAuthorizer(store);
  fill(store, clock);
  return { clock, store, registry, converter, authorizer, admission };
};

const isWatch = (call: Call): boolean =>
  call.name === undefined && ['true', '1'].includes(call.query.get('watch') ?? '');

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

const onPatch = async (core: Core, call: Call): Promise<ApiResponse> => {
  if (!isApply(call)) return { status: 200, body: await patch(core, call) };
  const { isNew, body } = await serverSideApply(core, call);
  return { status: isNew ? 201 : 200, body };
};

const onObject = async (core: Core, call: Call): Promise<ApiResponse> => {
  switch (call.method) {
    case 'GET':
      return { status: 200, body: await get(core, call) };
    case 'PUT':
      return { status: 200, body: await replace(core, call) };
    case 'PATCH':
      return onPatch(core, call);
    case 'DELETE':
      if (call.subresource !== undefined) throw methodNotAllowed();
      return { status: 200, body: await remove(core, call) };
    default:
      throw methodNotAllowed();
  }
};

/** Subresources that only take an order. */
const ORDERS = new Map([
  ['binding', bind],
  ['eviction', evict],
]);

const answer = async (core: Core, call: Call): Promise<ApiResponse> => {
  if (isReview(call.type)) return { status: 201, body: review(core, call) };
  if (call.method === 'GET' && isWatch(call))
    throw badRequest('a watch is started with watch(), not with handle()');
  const order = ORDERS.get(call.subresource ?? '');
  if (order) {
    if (call.method !== 'POST') throw methodNotAllowed();
    return order(core, call).then((body) => ({ status: 201, body }));
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
  const authorize = (request: ApiRequest) => core.authorizer.check(userOf(request), accessOf(request));
  const handle = async (request: ApiRequest): Promise<ApiResponse> => {
    const warnings: string[] = [];
    const added = () => (warnings.length > 0 ? { warnings: shownWarnings(warnings) } : {});
    try {
      authorize(request);
      const call = { ...readCall(core.registry, request), warnings };
      if (call.type.deprecation !== undefined) warnings.push(call.type.deprecation);
      return { ...(await answer(core, call)), ...added() };
    } catch (error) {
      return { ...failure(error), ...added() };
    }
  };
  return {
    handle,
    authorize: core.authorizer.check,
    async connect(request, options) {
      authorize(request);
      if (options) await connect(core, request, options);
    },
    resources: () => core.registry.all().map(registered),
    watch(request, onEvent) {
      try {
        authorize({ ...request, query: { ...request.query, watch: 'true' } });
        const call = readCall(core.registry, request);
        if (call.method !== 'GET' || call.subresource !== undefined) throw methodNotAllowed();
        return watch(core, call, onEvent);
      } catch (error) {
        return failure(error);
      }
    },
  };
};
