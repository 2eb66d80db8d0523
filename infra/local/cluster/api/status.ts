/** `kind: Status`, the body of every error and of some successes. */
import type { JsonObject } from './json.ts';
import type { ApiResponse } from './types.ts';
import { ApiError } from './types.ts';

const status = (fields: JsonObject): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  ...fields,
});

export const failureStatus = (error: ApiError): JsonObject =>
  status({
    status: 'Failure',
    message: error.message,
    ...(error.reason !== '' && { reason: error.reason }),
    ...(error.details && { details: error.details }),
    code: error.code,
  });

export const successStatus = (details?: JsonObject): JsonObject =>
  status({ status: 'Success', ...(details && { details }) });

/** The answer to a subresource that only takes an order: a Binding, an Eviction. */
export const createdStatus = (): JsonObject => status({ status: 'Success', code: 201 });

/** An unknown error is a fault of this server: 500, with its text. */
const asApiError = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error;
  return new ApiError(500, 'InternalError', error instanceof Error ? error.message : String(error));
};

export const failure = (error: unknown): ApiResponse => {
  const refusal = asApiError(error);
  return { status: refusal.code, body: failureStatus(refusal) };
};
