/** Whether a PUT or PATCH is about the object that is there. */
import { type Call, nameOf } from '../call.ts';
import {
  badRequest,
  conflict,
  immutable,
  invalid,
  invalidValue,
  modified,
  otherNamespace,
} from '../errors.ts';
import type { ApiObject } from '../objects.ts';
import { ApiError } from '../types.ts';

export const checkIdentity = (call: Call, proposed: ApiObject): void => {
  const { name, namespace } = proposed.metadata;
  if (!name)
    throw badRequest(
      `the name of the object (${call.name} based on URL) was undeterminable: name must be provided`,
    );
  if (name !== call.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${call.name})`);
  if (namespace !== undefined && call.namespace !== undefined && namespace !== call.namespace)
    throw otherNamespace();
};

/** PUT takes the uid for a precondition; in a patch it is a field that can't change. */
const otherUid = (call: Call, asked: string, found: string | undefined) =>
  call.method === 'PATCH'
    ? invalid(call.type, nameOf(call), [immutable('metadata.uid', asked)])
    : conflict(
        call.type,
        nameOf(call),
        `StorageError: invalid object, Code: 4, Key: ${storageKey(call)}, ResourceVersion: 0, ` +
          `AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${found}`,
      );

/** As Kubernetes' storage names it. */
const storageKey = ({ type, namespace, name }: Call): string =>
  [
    '/registry',
    ...(type.custom ? [type.group] : []),
    type.plural,
    ...(namespace ? [namespace] : []),
    name,
  ].join('/');

const checkVersionText = (resourceVersion: string): void => {
  if (/^\d*$/.test(resourceVersion)) return;
  const why = `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`;
  throw new ApiError(500, '', why);
};

/** resourceVersion and uid of the body hold, or the write is refused. */
export const checkPreconditions = (call: Call, proposed: ApiObject, current: ApiObject): void => {
  const { uid, resourceVersion = '' } = proposed.metadata;
  checkVersionText(resourceVersion);
  if (call.method === 'PUT' && uid && uid !== current.metadata.uid)
    throw otherUid(call, uid, current.metadata.uid);
  if (!['', '0', current.metadata.resourceVersion].includes(resourceVersion))
    throw modified(call.type, nameOf(call));
  if (uid && uid !== current.metadata.uid) throw otherUid(call, uid, current.metadata.uid);
  if (['', '0'].includes(resourceVersion) && !call.type.rules.unconditionalUpdate) {
    const why = 'must be specified for an update';
    throw invalid(call.type, nameOf(call), [invalidValue('metadata.resourceVersion', 0, why)]);
  }
};
