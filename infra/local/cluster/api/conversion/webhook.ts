/** One ConversionReview: sent, checked and read. */
import { randomUUID } from 'node:crypto';
import { copy, isObject, type JsonObject, objectsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { ConversionWebhook } from '../resourceType.ts';
import { ApiError, type WebhookCaller } from '../types.ts';
import { checkedObject } from './answer.ts';

/** Kubernetes gives conversion webhooks 30 s. */
const TIMEOUT_SECONDS = 30;

const REVIEW_VERSION = 'apiextensions.k8s.io/v1';

/** The end of the sentence `conversion webhook for <kind> ...`. */
const failure = (objects: ApiObject[], why: string): ApiError => {
  const first = objects[0];
  return new ApiError(500, '', `conversion webhook for ${first?.apiVersion}, Kind=${first?.kind} ${why}`);
};

/** Go's client words its own sentences for what a server answers without a Status. */
const HTTP_FAULTS: ReadonlyMap<number, string> = new Map([
  [404, 'the server could not find the requested resource'],
  [503, 'the server is currently unable to handle the request'],
]);

const httpFault = (status: number, body: unknown): string => {
  const message = textAt(body, 'message');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (
    message ??
    HTTP_FAULTS.get(status) ??
    `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`
  );
};

/** Undefined for an answer that holds converted objects. */
const faultOf = (body: unknown, uid: string): string | undefined => {
  const kind = `${textAt(body, 'apiVersion')}, Kind=${textAt(body, 'kind')}`;
  if (kind !== `${REVIEW_VERSION}, Kind=ConversionReview`)
    return `expected webhook response of ${REVIEW_VERSION}, Kind=ConversionReview, got ${kind}`;
  const response = isObject(body) ? body['response'] : undefined;
  if (!isObject(response)) return 'no response provided';
  const answered = textAt(response, 'uid') ?? '';
  if (answered !== uid)
    return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(answered)}`;
  const status = textAt(response, 'result', 'status') ?? '';
  if (status === 'Success') return undefined;
  return textAt(response, 'result', 'message') || `response.result.status was '${status}', not 'Success'`;
};

const answerOf = async (callWebhook: WebhookCaller, webhook: ConversionWebhook, body: unknown) => {
  try {
    return await callWebhook({ ...webhook, timeoutSeconds: TIMEOUT_SECONDS, body });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Post "${webhook.url}?timeout=${TIMEOUT_SECONDS}s": ${why}`);
  }
};

const ask = async (
  callWebhook: WebhookCaller,
  webhook: ConversionWebhook,
  objects: ApiObject[],
  apiVersion: string,
): Promise<JsonObject[]> => {
  const uid = randomUUID();
  const request = { uid, desiredAPIVersion: apiVersion, objects: copy(objects) };
  const review = { kind: 'ConversionReview', apiVersion: REVIEW_VERSION, request };
  const { status, body } = await answerOf(callWebhook, webhook, review);
  const fault = status < 200 || status > 299 ? httpFault(status, body) : faultOf(body, uid);
  if (fault !== undefined) throw new Error(fault);
  return objectsAt(body, 'response', 'convertedObjects');
};

/** Converts in one call. Rejects with a 500 in Kubernetes' words. */
export const createRemoteConversion =
  (callWebhook: WebhookCaller) =>
  async (webhook: ConversionWebhook, objects: ApiObject[], apiVersion: string): Promise<ApiObject[]> => {
    const converted = await ask(callWebhook, webhook, objects, apiVersion).catch((error: unknown) => {
      throw failure(objects, `failed: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (converted.length !== objects.length)
      throw failure(objects, `returned ${converted.length} objects, expected ${objects.length}`);
    return objects.map((original, index) => {
      const result = checkedObject(converted[index] ?? {}, original, apiVersion, index);
      if (typeof result === 'string') throw failure(objects, `returned ${result}`);
      return result;
    });
  };
