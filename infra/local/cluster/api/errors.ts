/** Every refusal of the API server, with the code, reason and sentence that Kubernetes uses. */
import type { StatusCause } from '../../../../shared/model/kubernetes.ts';
import type { ResourceType } from './resourceType.ts';
import { ApiError } from './types.ts';

type Named = Pick<ResourceType, 'group' | 'plural'>;

/** `deployments.apps`, or `pods` for the core group. */
export const groupResource = ({ group, plural }: Named): string =>
  group === '' ? plural : `${plural}.${group}`;

const details = ({ group, plural }: Named, name: string): Record<string, unknown> => ({
  ...(name !== '' && { name }),
  ...(group !== '' && { group }),
  kind: plural,
});

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

export const otherNamespace = (): ApiError =>
  badRequest('the namespace of the provided object does not match the namespace sent on the request');

export const notFound = (type: Named, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${groupResource(type)} "${name}" not found`, details(type, name));

export const unknownPath = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (type: Named, name: string): ApiError =>
  new ApiError(409, 'AlreadyExists', `${groupResource(type)} "${name}" already exists`, details(type, name));

export const conflict = (type: Named, name: string, why: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${groupResource(type)} "${name}": ${why}`,
    details(type, name),
  );

export const modified = (type: Named, name: string): ApiError =>
  conflict(
    type,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

/** @param name '' where it is not known yet */
export const forbidden = (type: Named, name: string, why: string): ApiError => {
  const what = name === '' ? groupResource(type) : `${groupResource(type)} "${name}"`;
  return new ApiError(403, 'Forbidden', `${what} is forbidden: ${why}`, details(type, name));
};

const sentence = ({ field, message }: StatusCause): string => (field ? `${field}: ${message}` : message);

const joined = (sentences: string[]): string =>
  sentences.length === 1 ? (sentences[0] ?? '') : `[${sentences.join(', ')}]`;

/** 422 with one cause for each field (`field.ErrorList`). */
export const invalid = (
  type: Pick<ResourceType, 'group' | 'kind'>,
  name: string,
  causes: StatusCause[],
): ApiError => {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${joined(causes.map(sentence))}`, {
    ...(name !== '' && { name }),
    ...(type.group !== '' && { group: type.group }),
    kind: type.kind,
    causes,
  });
};

/** A patch that can't be applied (`NewGenericServerResponse` with 422); Kubernetes does not say why. */
export const unprocessable = (): ApiError =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

export const expired = (message: string): ApiError => new ApiError(410, 'Expired', message);

export const methodNotAllowed = (): ApiError =>
  new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

/** Kubernetes knows it; this API server does not do it, and says so. */
export const notImplemented = (what: string): ApiError =>
  new ApiError(501, 'NotImplemented', `${what} not supported by the embedded API server`);

export const unsupportedMediaType = (message: string, details?: Record<string, unknown>): ApiError =>
  new ApiError(415, 'UnsupportedMediaType', message, details);

export const internal = (message: string): ApiError =>
  new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

export const tooLargeVersion = (asked: number, current: number): ApiError =>
  new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** A server-side apply that would take fields from others. */
export const applyConflict = (message: string, causes: StatusCause[]): ApiError =>
  new ApiError(409, 'Conflict', message, { causes });

/** A patched object that can't be decoded; `patch` is what the message shows of it. */
export const invalidPatch = (patch: string, why: string): ApiError => {
  const cause = invalidValue('patch', patch, why);
  const details = { causes: [cause] };
  return new ApiError(422, 'Invalid', ` "" is invalid: ${sentence(cause)}`, details);
};

const value = (bad: unknown): string => JSON.stringify(bad) ?? 'null';

/** Causes as `field.Required`, `field.Invalid` ... write them. */
export const required = (field: string, detail = ''): StatusCause => ({
  reason: 'FieldValueRequired',
  message: detail === '' ? 'Required value' : `Required value: ${detail}`,
  field,
});

export const invalidValue = (field: string, bad: unknown, detail: string): StatusCause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${value(bad)}: ${detail}`,
  field,
});

export const unsupportedValue = (field: string, bad: unknown, supported: string[]): StatusCause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${value(bad)}: supported values: ${supported.map(value).join(', ')}`,
  field,
});

export const duplicate = (field: string, bad: unknown): StatusCause => ({
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${value(bad)}`,
  field,
});

export const tooMany = (field: string, found: number, most: number): StatusCause => ({
  reason: 'FieldValueTooMany',
  message: `Too many: ${found}: must have at most ${most} items`,
  field,
});

export const missing = (field: string, bad: unknown): StatusCause => ({
  reason: 'FieldValueNotFound',
  message: `Not found: ${value(bad)}`,
  field,
});

export const forbiddenField = (field: string, detail: string): StatusCause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${detail}`,
  field,
});

export const tooLong = (field: string, bytes: number): StatusCause => ({
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${bytes} bytes`,
  field,
});

export const immutable = (field: string, bad: unknown): StatusCause =>
  invalidValue(field, bad, 'field is immutable');
