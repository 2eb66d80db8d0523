import { randomInt, randomUUID } from 'node:crypto';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { attributesOf } from '../admission/attributes.ts';
import type { Call } from '../call.ts';
import type { Core } from '../core.ts';
import { decode } from '../decode.ts';
import {
  alreadyExists,
  forbidden,
  invalid,
  methodNotAllowed,
  notFound,
  otherNamespace,
  required,
} from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { metadataCauses } from '../kinds/metadata.ts';
import { labelCauses, subdomainCauses } from '../kinds/names.ts';
import { type ApiObject, keyOf, SERVER_OWNED } from '../objects.ts';
import { represent } from '../representation.ts';
import { hasStatus, type ResourceType, sectionOf, storedType } from '../resourceType.ts';
import { ApiError } from '../types.ts';

/** No vowels, no 0, 1 or 3: no words come out (`utilrand.String`). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const LONGEST_BASE = 63 - SUFFIX_LENGTH;

const suffix = (): string =>
  Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');

const generatedName = (core: Core, call: Call, base: string): string => {
  const taken = (name: string) => core.store.get(sectionOf(call.type), keyOf(call.namespace, name));
  let name = base.slice(0, LONGEST_BASE) + suffix();
  while (taken(name)) name = base.slice(0, LONGEST_BASE) + suffix();
  return name;
};

/** Objects belong into the namespace of the path; a cluster-scoped one into none. */
const settleNamespace = (call: Call, object: ApiObject): void => {
  const { namespace = '' } = object.metadata;
  if (call.namespace === undefined) delete object.metadata.namespace;
  else if (namespace === '') object.metadata.namespace = call.namespace;
  else if (namespace !== call.namespace) throw otherNamespace();
};

/** As the admission plugin NamespaceLifecycle: the namespace exists and stays. */
export const checkNamespace = (core: Core, call: Call, name: string): void => {
  if (call.namespace === undefined) return;
  const namespace = core.store.get('/namespaces', keyOf(undefined, call.namespace));
  if (!namespace) throw notFound({ group: '', plural: 'namespaces' }, call.namespace);
  if (namespace.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${call.namespace} because it is being terminated`;
  throw forbidden(call.type, name, why);
};

const incoming =
  (call: Call) =>
  (body: unknown): ApiObject => {
    const object = decode(call.type, body);
    settleNamespace(call, object);
    for (const field of SERVER_OWNED) delete object.metadata[field];
    if (object.metadata.resourceVersion)
      throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
    delete object.metadata.resourceVersion;
    return object;
  };

const nameObject = (core: Core, call: Call, object: ApiObject): void => {
  const { name, generateName } = object.metadata;
  if (name) return;
  if (!generateName)
    throw invalid(call.type, '', [required('metadata.name', 'name or generateName is required')]);
  object.metadata.name = generatedName(core, call, generateName);
};

const causesOf = (type: ResourceType, object: ApiObject) => [
  ...(type.rules.labelNames ? labelCauses : subdomainCauses)('metadata.name', object.metadata.name),
  ...metadataCauses(object),
  ...(type.rules.validate?.(object) ?? []),
];

/** Fills in what the server owns and checks the kind's rules (`rest.BeforeCreate`). */
const prepared = (core: Core, call: Call, object: ApiObject): ApiObject => {
  const { type } = call;
  nameObject(core, call, object);
  object.metadata.uid = randomUUID();
  object.metadata.creationTimestamp = wholeSeconds(core.clock.now());
  if (type.rules.generation) object.metadata.generation = 1;
  if (hasStatus(type)) delete object['status'];
  type.rules.prepareCreate?.(object);
  const causes = causesOf(type, object);
  if (causes.length > 0) throw invalid(type, object.metadata.name, causes);
  return object;
};

const commit = async (core: Core, call: Call, object: ApiObject): Promise<ApiObject> => {
  const next = await core.converter.convert(object, storedType(call.type));
  const { name } = object.metadata;
  const [section, key] = [sectionOf(call.type), keyOf(call.namespace, name)];
  checkNamespace(core, call, name);
  if (core.store.get(section, key)) throw alreadyExists(call.type, name);
  if (call.dryRun) return object;
  const { metadata } = core.store.put(section, key, next);
  return { ...object, metadata: { ...object.metadata, resourceVersion: metadata.resourceVersion } };
};

/** Default, mutate, complete and check, validate, store. */
export const create = async (core: Core, call: Call): Promise<JsonObject> => {
  if (call.name !== undefined || (call.type.namespaced && call.namespace === undefined))
    throw methodNotAllowed();
  const settle = incoming(call);
  const object = settle(call.body);
  const name = object.metadata.name ?? '';
  checkNamespace(core, call, name);
  const before = attributesOf(call, 'CREATE', { name });
  const final = prepared(core, call, await core.admission.mutate(before, object, settle));
  await core.admission.validate(attributesOf(call, 'CREATE', { name: final.metadata.name }), final);
  return represent(call.type, await commit(core, call, final), call.headers.get('accept'));
};
