import type { StatusCause } from '../../model/kubernetes.ts';

const cause =
  (reason: string, title: string) =>
  (field: string, detail = ''): StatusCause => ({
    reason,
    message: detail === '' ? title : `${title}: ${detail}`,
    field,
  });

/** Causes of a refusal under the names that the API server itself uses (`metav1.CauseType`). */
export const required = cause('FieldValueRequired', 'Required value');
export const invalid = cause('FieldValueInvalid', 'Invalid value');
export const duplicate = cause('FieldValueDuplicate', 'Duplicate value');
export const notFound = cause('FieldValueNotFound', 'Not found');
export const forbidden = cause('FieldValueForbidden', 'Forbidden');
export const wrongType = cause('FieldValueTypeInvalid', 'Wrong type');

/** The value is none of `allowed`. */
export const notOneOf = (field: string, value: unknown, allowed: readonly string[]): StatusCause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${JSON.stringify(value)}, supported: ${allowed.join(', ')}`,
  field,
});

/** All causes as one sentence, for clients that print the message only (kubectl does). */
export const sentence = (causes: StatusCause[]): string =>
  causes.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`)).join('; ');
