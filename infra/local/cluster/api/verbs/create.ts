import { randomInt, randomUUID } from 'node:crypto';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { attributesOf } from '../admission/attributes.ts';
import { checkWriteOptions } from '../apply/managerName.ts';
import { ownersAfterAdmission, trackApply, trackUpdate } from '../apply/track.ts';
import { type Call, nameOf } from '../call.ts';
import type { Core } from '../core.ts';
import { decode, type Strictness } from '../decode.ts';
import {
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  invalid,
  methodNotAllowed,
  notFound,
  otherNamespace,
  required,
} from '../errors.ts';
import { strictnessOf } from '../fieldValidation.ts';
import type { JsonObject } from '../json.ts';
import { metadataCauses } from '../kinds/metadata.ts';
import { labelCauses, subdomainCauses } from '../kinds/names.ts';
import { type ApiObject, keyOf, SERVER_OWNED } from '../objects.ts';
import { represent } from '../representation.ts';
import { hasStatus, type ResourceType, schemaOf, sectionOf, storedType } from '../resourceType.ts';
import { kept } from '../structural/fit.ts';
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

const checkNotTerminating = ({ type }: Call, name: string): void => {
  const why = 'create not allowed while custom resource definition is terminating';
  if (type.terminating) throw forbidden(type, name, why);
};

/** Decodes what a client or a webhook made of the new object. */
const incoming =
  (call: Call) =>
  (body: unknown, strictness?: Strictness): ApiObject => {
    const object = decode(call.type, body, strictness);
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

const nameCausesOf = ({ rules }: ResourceType) =>
  rules.nameCauses ?? (rules.labelNames ? labelCauses : subdomainCauses);

const causesOf = (type: ResourceType, object: ApiObject) => [
  ...nameCausesOf(type)('metadata.name', object.metadata.name),
  ...metadataCauses(object),
  ...(type.rules.validate?.(object) ?? []),
  ...(type.rules.validateCreate?.(object) ?? []),
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
  call.warnings.push(...(type.rules.warnings?.(object) ?? []));
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

/** Mutate, complete and check, validate, store. */
const admitted = async (core: Core, call: Call, tracked: ApiObject): Promise<JsonObject> => {
  const settle = incoming(call);
  const before = attributesOf(call, 'CREATE', { name: tracked.metadata.name ?? '' });
  const mutated = await core.admission.mutate(before, tracked, (value) => settle(value));
  const final = prepared(core, call, ownersAfterAdmission(call, tracked, mutated));
  await core.admission.validate(attributesOf(call, 'CREATE', { name: final.metadata.name }), final);
  const result = await commit(core, call, kept(schemaOf(call.type), final));
  return represent(call.type, result, call.headers.get('accept'));
};

export const create = async (core: Core, call: Call): Promise<JsonObject> => {
  if (call.name !== undefined || (call.type.namespaced && call.namespace === undefined))
    throw methodNotAllowed();
  checkWriteOptions(call, false);
  const object = incoming(call)(call.body, strictnessOf(call, call.body));
  const name = object.metadata.name ?? '';
  checkNamespace(core, call, name);
  checkNotTerminating(call, name);
  return admitted(core, call, await trackUpdate(core, call, undefined, object));
};

const checkName = (call: Call, { metadata }: ApiObject): void => {
  if (!metadata.name)
    throw badRequest(
      `the name of the object (${call.name} based on URL) was undeterminable: name must be provided`,
    );
  if (metadata.name !== call.name)
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${call.name})`,
    );
};

/** Server-side apply of an object that is not there. */
export const createApplied = async (core: Core, call: Call): Promise<JsonObject> => {
  const { object, settle } = await trackApply(core, call, undefined);
  const { uid } = object.metadata;
  if (uid)
    throw conflict(
      call.type,
      nameOf(call),
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  checkName(call, object);
  const { resourceVersion: _, ...metadata } = object.metadata;
  const decoded = incoming(call)({ ...object, metadata });
  checkNamespace(core, call, decoded.metadata.name);
  checkNotTerminating(call, decoded.metadata.name);
  return admitted(core, call, settle(decoded));
};
