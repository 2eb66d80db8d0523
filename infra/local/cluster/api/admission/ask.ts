/** One AdmissionReview: sent, checked, and read. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../../shared/io/ports.ts';
import { at, copy, isObject, type JsonObject, stringsAt, textAt } from '../json.ts';
import type { ResourceType } from '../resourceType.ts';
import { ApiError, type WebhookCaller } from '../types.ts';
import type { Attributes } from './attributes.ts';
import { unreached } from './failure.ts';
import type { Hook } from './hooks.ts';
import { checkedResponse } from './response.ts';
import type { Subject } from './subject.ts';

const isNamespace = ({ group, plural }: ResourceType): boolean => group === '' && plural === 'namespaces';

/** The `request` of a review, with a uid of its own. */
export const reviewRequest = (attributes: Attributes, subject: Subject): JsonObject & { uid: string } => {
  const { type } = attributes;
  const place = ({ group, version, plural }: ResourceType) => ({ group, version, resource: plural });
  const sub = attributes.subresource;
  // A namespace is in itself.
  const namespace = isNamespace(type) ? attributes.name || undefined : attributes.namespace;
  const isOwnKind = attributes.kind.kind === type.kind;
  return {
    uid: randomUUID(),
    kind: isOwnKind ? { ...attributes.kind, version: subject.type.version } : attributes.kind,
    resource: place(subject.type),
    ...(sub !== undefined && { subResource: sub }),
    requestKind: attributes.kind,
    requestResource: place(type),
    ...(sub !== undefined && { requestSubResource: sub }),
    ...(attributes.name !== '' && { name: attributes.name }),
    ...(namespace !== undefined && { namespace }),
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

/**
 * Resolves with the response of a webhook that allows, once `check` has taken it. Rejects with a CallFailure if there
 * is no usable answer, and with an ApiError if the answer is no. Warnings count either way.
 */
export const createAsk =
  (callWebhook: WebhookCaller, clock: Clock) =>
  async <T>(
    hook: Hook,
    request: JsonObject & { uid: string },
    warnings: string[],
    check: (response: JsonObject) => T,
  ): Promise<T> => {
    const body = copy({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
    const { url, caBundle, timeoutSeconds } = hook;
    const calling = callWebhook({ url, ...(caBundle !== undefined && { caBundle }), body, timeoutSeconds });
    const answer = await inTime(calling, clock, timeoutSeconds).catch((error: unknown) => {
      throw unreached(url, timeoutSeconds, error);
    });
    const response = checkedResponse(request.uid, answer.status, answer.body);
    const checked = check(response);
    warnings.push(...stringsAt(response, 'warnings'));
    if (response['allowed'] !== true) throw denial(hook, response);
    return checked;
  };
