/** One AdmissionReview: sent, checked, and read. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../../shared/io/ports.ts';
import { at, copy, isObject, type JsonObject, stringsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { ResourceType } from '../resourceType.ts';
import { ApiError, type WebhookCaller } from '../types.ts';
import type { Attributes } from './attributes.ts';
import type { Hook } from './hooks.ts';

/** The webhook could not be asked; its failurePolicy decides what that means. */
export class CallFailure extends Error {}

/** Object and old object in the version that the webhook wants. */
export interface Subject {
  type: ResourceType;
  object: ApiObject | undefined;
  oldObject: ApiObject | undefined;
}

const reviewRequest = (uid: string, attributes: Attributes, subject: Subject): JsonObject => {
  const { type } = attributes;
  const place = ({ group, version, plural }: ResourceType) => ({ group, version, resource: plural });
  const sub = attributes.subresource;
  return {
    uid,
    kind: { ...attributes.kind, version: subject.type.version },
    resource: place(subject.type),
    ...(sub !== undefined && { subResource: sub }),
    requestKind: attributes.kind,
    requestResource: place(type),
    ...(sub !== undefined && { requestSubResource: sub }),
    ...(attributes.name !== '' && { name: attributes.name }),
    ...(attributes.namespace !== undefined && { namespace: attributes.namespace }),
    operation: attributes.operation,
    userInfo: attributes.user,
    object: subject.object ?? null,
    oldObject: subject.oldObject ?? null,
    dryRun: attributes.dryRun,
    options: attributes.options,
  };
};

const inTime = async <T>(answer: Promise<T>, clock: Clock, seconds: number): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const cancel = clock.after(seconds * 1000, () => late.reject(new Error('context deadline exceeded')));
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    cancel();
  }
};

/** The URL is part of the sentence, as in Kubernetes. */
const unreached = (hook: Hook, error: unknown): CallFailure => {
  const why = error instanceof Error ? error.message : String(error);
  return new CallFailure(
    `failed to call webhook: Post "${hook.url}?timeout=${hook.timeoutSeconds}s": ${why}`,
  );
};

const checkedResponse = (uid: string, status: number, body: unknown): JsonObject => {
  if (status !== 200)
    throw new CallFailure(`failed to call webhook: the server responded with the status code ${status}`);
  if (!isObject(body)) throw new CallFailure('failed to call webhook: the answer is no JSON object');
  const [apiVersion, kind] = [textAt(body, 'apiVersion'), textAt(body, 'kind')];
  const invalid = (why: string) => new CallFailure(`received invalid webhook response: ${why}`);
  if (apiVersion !== 'admission.k8s.io/v1' || kind !== 'AdmissionReview')
    throw invalid(
      `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion}, Kind=${kind}`,
    );
  const response = at(body, 'response');
  if (!isObject(response)) throw invalid('webhook response was absent');
  if (response['uid'] !== uid) throw invalid(`expected response.uid="${uid}", got "${response['uid']}"`);
  if (typeof response['allowed'] !== 'boolean') throw invalid('response.allowed is no boolean');
  return response;
};

/** A denial has the webhook's code if that is an error code, 400 otherwise. */
const denial = (hook: Hook, response: JsonObject): ApiError => {
  const status = at(response, 'status');
  const code = Number(at(status, 'code') ?? 0);
  const reason = textAt(status, 'reason') ?? '';
  const details = at(status, 'details');
  const why = textAt(status, 'message') || reason;
  const denied = `admission webhook "${hook.name}" denied the request`;
  return new ApiError(
    code < 400 ? 400 : code,
    reason,
    why === '' ? `${denied} without explanation` : `${denied}: ${why}`,
    isObject(details) ? details : undefined,
  );
};

const patchOf = (response: JsonObject): string | undefined => {
  const patch = textAt(response, 'patch');
  if (!patch) return undefined;
  if (response['patchType'] === 'JSONPatch') return patch;
  throw new CallFailure(
    'received invalid webhook response: webhook returned response.patch but no known response.patchType',
  );
};

/** Resolves with the patch (base64). Rejects with a {@link CallFailure} if there is no usable answer, and with an ApiError if the answer is no. */
export const createAsk =
  (callWebhook: WebhookCaller, clock: Clock) =>
  async (hook: Hook, attributes: Attributes, subject: Subject): Promise<string | undefined> => {
    const uid = randomUUID();
    const body = copy({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: reviewRequest(uid, attributes, subject),
    });
    const { url, caBundle, timeoutSeconds } = hook;
    const calling = callWebhook({ url, ...(caBundle !== undefined && { caBundle }), body, timeoutSeconds });
    const answer = await inTime(calling, clock, timeoutSeconds).catch((error: unknown) => {
      throw unreached(hook, error);
    });
    const response = checkedResponse(uid, answer.status, answer.body);
    attributes.warnings.push(...stringsAt(response, 'warnings'));
    if (response['allowed'] !== true) throw denial(hook, response);
    return patchOf(response);
  };
