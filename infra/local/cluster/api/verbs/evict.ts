/** `pods/eviction`: a deletion that admission sees as the creation of an Eviction. There are no disruption budgets. */
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { attributesOf } from '../admission/attributes.ts';
import { type Call, nameOf } from '../call.ts';
import type { Core } from '../core.ts';
import { badRequest, otherNamespace } from '../errors.ts';
import { at, isObject, type JsonObject, objectsAt, stringsAt, textAt, withoutNulls } from '../json.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import { sectionOf } from '../resourceType.ts';
import { createdStatus } from '../status.ts';
import { stored } from './read.ts';
import { removeUnreviewed } from './remove.ts';

const KIND = { group: 'policy', version: 'v1', kind: 'Eviction' };
const VERSIONS = ['policy/v1', 'policy/v1beta1'];

const checkType = (body: JsonObject): void => {
  const apiVersion = textAt(body, 'apiVersion') || 'policy/v1';
  const kind = textAt(body, 'kind') || 'Eviction';
  if (VERSIONS.includes(apiVersion) && kind === 'Eviction') return;
  const version = apiVersion.split('/').at(-1);
  throw badRequest(`${kind} in version "${version}" cannot be handled as a Eviction`);
};

const readEviction = (call: Call, body: unknown): ApiObject => {
  if (!isObject(body)) throw badRequest('the body must be an Eviction');
  checkType(body);
  const named = textAt(body, 'metadata', 'namespace') || call.namespace;
  if (named !== call.namespace) throw otherNamespace();
  const { metadata, ...rest } = withoutNulls(body) as JsonObject;
  const kept = isObject(metadata) ? metadata : {};
  const name = textAt(kept, 'name') ?? '';
  return {
    ...rest,
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { ...kept, name, ...(call.namespace !== undefined && { namespace: call.namespace }) },
  };
};

/** The Pod says why it goes, before it does. */
const withTarget = (pod: ApiObject, moment: string): ApiObject => {
  const status = at(pod, 'status');
  const others = objectsAt(pod, 'status', 'conditions').filter(({ type }) => type !== 'DisruptionTarget');
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: moment,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  return { ...pod, status: { ...(isObject(status) && status), conditions: [...others, condition] } };
};

/** The DELETE that an eviction stands for; `deleteOptions` may make it a dry run of its own. */
const deletionOf = (call: Call, eviction: ApiObject): Call => {
  const body = at(eviction, 'deleteOptions');
  const dryRun = call.dryRun || stringsAt(body, 'dryRun').includes('All');
  return { ...call, method: 'DELETE', subresource: undefined, query: new Map(), body, dryRun };
};

/** Throws what a DELETE would throw before anything is written. */
const rehearse = (core: Core, deletion: Call): void => removeUnreviewed(core, { ...deletion, dryRun: true });

const carryOut = (core: Core, deletion: Call): void => {
  const pod = stored(core, deletion);
  const key = keyOf(deletion.namespace, nameOf(deletion));
  core.store.put(sectionOf(deletion.type), key, withTarget(pod, wholeSeconds(core.clock.now())));
  const { preconditions: _, ...body } = isObject(deletion.body) ? deletion.body : {};
  removeUnreviewed(core, { ...deletion, body });
};

/** Reviewed as CREATE of pods/eviction, never as a DELETE; the Pod then goes as by a graceful deletion. */
export const evict = async (core: Core, call: Call): Promise<JsonObject> => {
  const name = nameOf(call);
  const settle = (value: unknown) => readEviction(call, value);
  const attributes = attributesOf(call, 'CREATE', { name, kind: KIND });
  const eviction = await core.admission.mutate(attributes, settle(call.body), settle);
  if (eviction.metadata.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  await core.admission.validate(attributes, eviction);
  const deletion = deletionOf(call, eviction);
  rehearse(core, deletion);
  if (!deletion.dryRun) carryOut(core, deletion);
  return createdStatus();
};
