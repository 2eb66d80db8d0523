/** `pods/binding`: the scheduler's word on which node a pod runs. */
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { attributesOf } from '../admission/attributes.ts';
import { type Call, nameOf } from '../call.ts';
import type { Core } from '../core.ts';
import { badRequest, conflict, invalid, required } from '../errors.ts';
import { at, isObject, type JsonObject, objectsAt, textAt } from '../json.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import { sectionOf } from '../resourceType.ts';
import { createdStatus } from '../status.ts';
import { checkNamespace } from './create.ts';
import { stored } from './read.ts';

const KIND = { group: '', version: 'v1', kind: 'Binding' };
const BINDING = { group: '', plural: 'pods/binding' };

const readBinding = (call: Call): ApiObject => {
  if (!isObject(call.body)) throw badRequest('the body must be a Binding');
  const name = textAt(call.body, 'metadata', 'name') ?? nameOf(call);
  if (name !== call.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${call.name})`);
  if (!textAt(call.body, 'target', 'name'))
    throw invalid({ group: '', kind: 'Binding' }, name, [required('target.name')]);
  const metadata = { name, ...(call.namespace !== undefined && { namespace: call.namespace }) };
  return { ...call.body, apiVersion: 'v1', kind: 'Binding', metadata };
};

const bound = (pod: ApiObject, nodeName: string, moment: string): ApiObject => {
  const others = objectsAt(pod, 'status', 'conditions').filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: moment };
  const [spec, status] = [at(pod, 'spec'), at(pod, 'status')];
  return {
    ...pod,
    spec: { ...(isObject(spec) && spec), nodeName },
    status: { ...(isObject(status) && status), conditions: [...others, scheduled] },
  };
};

const checkFree = (pod: ApiObject, nodeName: string): void => {
  const { name, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined)
    throw conflict(BINDING, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  const assigned = textAt(pod, 'spec', 'nodeName');
  if (assigned) throw conflict(BINDING, name, `pod ${name} is already assigned to node "${assigned}"`);
  if (!nodeName) throw badRequest('a Binding needs target.name');
};

/** Sets `spec.nodeName` once; a second binding is a 409. */
export const bind = async (core: Core, call: Call): Promise<JsonObject> => {
  const name = nameOf(call);
  checkNamespace(core, call, name);
  const binding = readBinding(call);
  const attributes = attributesOf(call, 'CREATE', { name, kind: KIND });
  const settle = (value: unknown) => readBinding({ ...call, body: value });
  const final = await core.admission.mutate(attributes, binding, settle);
  await core.admission.validate(attributes, final);
  const pod = stored(core, call);
  const nodeName = textAt(final, 'target', 'name') ?? '';
  checkFree(pod, nodeName);
  if (!call.dryRun) {
    const next = bound(pod, nodeName, wholeSeconds(core.clock.now()));
    core.store.put(sectionOf(call.type), keyOf(call.namespace, name), next);
  }
  return createdStatus();
};
