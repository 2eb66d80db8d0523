/** Objects between the versions of a custom resource, each as the schema of its version wants it. */
import { copy } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import { apiVersionOf, type ResourceType, schemaOf } from '../resourceType.ts';
import { fillAndShape, kept } from '../structural/fit.ts';
import { ApiError, type WebhookCaller } from '../types.ts';
import { createRemoteConversion } from './webhook.ts';

type Target = ResourceType;

export interface Converter {
  isNeeded(object: ApiObject, target: Target): boolean;
  /** An object that needs no conversion as readers see it: with the defaults that its schema has today. */
  asRead(object: ApiObject, target: Target): ApiObject;
  /** Rejects with a 500 if the webhook fails. */
  convert(object: ApiObject, target: Target): Promise<ApiObject>;
  /** In one call of the webhook. */
  convertAll(objects: ApiObject[], target: Target): Promise<ApiObject[]>;
}

const versionOf = ({ apiVersion }: ApiObject): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

/** Objects stay in the store in a version that their definition may have lost since. */
const checkVersion = (object: ApiObject, { schemas }: Target): void => {
  if (!schemas || schemas.has(versionOf(object))) return;
  const why = `request to convert CR from an invalid group/version: ${object.apiVersion}`;
  throw new ApiError(500, '', why);
};

const asStored = (object: ApiObject, target: Target): ApiObject => {
  checkVersion(object, target);
  const schema = target.schemas?.get(versionOf(object));
  if (!schema) return object;
  const result = copy(object);
  fillAndShape(result, schema);
  return result;
};

export const createConverter = (callWebhook: WebhookCaller): Converter => {
  const remote = createRemoteConversion(callWebhook);
  const isNeeded: Converter['isNeeded'] = (object, target) => object.apiVersion !== apiVersionOf(target);

  const reached = async (objects: ApiObject[], target: Target): Promise<ApiObject[]> => {
    const apiVersion = apiVersionOf(target);
    const { conversion } = target;
    if (!conversion) return objects.map((object) => ({ ...object, apiVersion }));
    const others = objects.filter((object) => isNeeded(object, target));
    if (others.length === 0) return objects;
    const converted = await remote(conversion, others, apiVersion);
    const byOriginal = new Map(others.map((object, index) => [object, converted[index] ?? object]));
    return objects.map((object) => byOriginal.get(object) ?? object);
  };

  const convertAll: Converter['convertAll'] = async (objects, target) => {
    if (!target.schemas) return objects;
    const found = objects.map((object) => asStored(object, target));
    const converted = await reached(found, target);
    return converted.map((object) => kept(schemaOf(target), object));
  };
  return {
    isNeeded,
    asRead: asStored,
    convertAll,
    convert: async (object, target) => (await convertAll([object], target))[0] ?? object,
  };
};
