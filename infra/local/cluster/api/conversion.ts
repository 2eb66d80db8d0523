/** Objects between the versions of a custom resource. */
import { randomUUID } from 'node:crypto';
import { internal } from './errors.ts';
import { copy, isObject, type JsonObject, objectsAt, textAt } from './json.ts';
import type { ApiObject } from './objects.ts';
import { apiVersionOf, type ConversionWebhook, type ResourceType } from './resourceType.ts';
import type { WebhookCaller } from './types.ts';

/** Kubernetes gives conversion webhooks 30 s. */
const TIMEOUT_SECONDS = 30;

type Target = Pick<ResourceType, 'group' | 'version' | 'kind' | 'conversion'>;

export interface Converter {
  isNeeded(object: ApiObject, target: Target): boolean;
  /** The object itself if it has the version already. Rejects with a 500 if the webhook fails. */
  convert(object: ApiObject, target: Target): Promise<ApiObject>;
  /** In one call of the webhook. */
  convertAll(objects: ApiObject[], target: Target): Promise<ApiObject[]>;
}

/** A webhook may change labels and annotations, nothing else of the metadata. */
const restored = (converted: JsonObject, original: ApiObject, apiVersion: string): ApiObject => {
  const metadata = isObject(converted['metadata']) ? converted['metadata'] : {};
  const { labels: _, annotations: _annotations, ...rest } = original.metadata;
  const kept: JsonObject = { ...rest };
  for (const field of ['labels', 'annotations'])
    if (metadata[field] !== undefined) kept[field] = metadata[field];
  return { ...copy(converted), apiVersion, kind: original.kind, metadata: { ...rest, ...kept } };
};

const createRemote = (callWebhook: WebhookCaller) => {
  const ask = async (webhook: ConversionWebhook, objects: ApiObject[], apiVersion: string) => {
    const uid = randomUUID();
    const { status, body } = await callWebhook({
      ...webhook,
      timeoutSeconds: TIMEOUT_SECONDS,
      body: {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'ConversionReview',
        request: { uid, desiredAPIVersion: apiVersion, objects: copy(objects) },
      },
    });
    const response = isObject(body) ? body['response'] : undefined;
    if (status !== 200) throw new Error(`the webhook answered ${status}`);
    if (textAt(response, 'uid') !== uid) throw new Error('the answer has another uid');
    if (textAt(response, 'result', 'status') !== 'Success')
      throw new Error(textAt(response, 'result', 'message') ?? 'no success and no message');
    return objectsAt(response, 'convertedObjects');
  };
  const checked = (converted: JsonObject[], objects: ApiObject[], apiVersion: string): ApiObject[] => {
    if (converted.length !== objects.length)
      throw new Error(`expected ${objects.length} converted objects, got ${converted.length}`);
    return objects.map((original, index) => {
      const object = converted[index];
      if (textAt(object, 'apiVersion') !== apiVersion || textAt(object, 'kind') !== original.kind || !object)
        throw new Error(`the converted object ${index} is no ${apiVersion} ${original.kind}`);
      return restored(object, original, apiVersion);
    });
  };
  return async (webhook: ConversionWebhook, objects: ApiObject[], apiVersion: string) => {
    try {
      return checked(await ask(webhook, objects, apiVersion), objects, apiVersion);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const from = `${objects[0]?.apiVersion}, Kind=${objects[0]?.kind}`;
      throw internal(`conversion webhook for ${from} failed: ${why}`);
    }
  };
};

export const createConverter = (callWebhook: WebhookCaller): Converter => {
  const remote = createRemote(callWebhook);
  const isNeeded: Converter['isNeeded'] = (object, target) => object.apiVersion !== apiVersionOf(target);
  const convertAll: Converter['convertAll'] = async (objects, target) => {
    const apiVersion = apiVersionOf(target);
    const { conversion } = target;
    if (!conversion)
      return objects.map((object) => (isNeeded(object, target) ? { ...object, apiVersion } : object));
    const others = objects.filter((object) => isNeeded(object, target));
    if (others.length === 0) return objects;
    const converted = await remote(conversion, others, apiVersion);
    const byOriginal = new Map(others.map((object, index) => [object, converted[index] ?? object]));
    return objects.map((object) => byOriginal.get(object) ?? object);
  };
  return {
    isNeeded,
    convertAll,
    convert: async (object, target) => (await convertAll([object], target))[0] ?? object,
  };
};
