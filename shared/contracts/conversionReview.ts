import type { ConversionReview } from '../model/admission.ts';
import type { KubernetesObject } from '../model/kubernetes.ts';
import { list, object, oneOf, text } from './parse.ts';

const API_VERSION = 'apiextensions.k8s.io/v1';
const KIND = 'ConversionReview';

const parseObject = (value: unknown, field: string): KubernetesObject => {
  const candidate = object(value, field);
  text(candidate['apiVersion'], `${field}.apiVersion`);
  text(candidate['kind'], `${field}.kind`);
  object(candidate['metadata'], `${field}.metadata`);
  return candidate as unknown as KubernetesObject;
};

/** The request of a ConversionReview. @throws {ContractError} naming the field */
export const parseConversionReview = (body: unknown): NonNullable<ConversionReview['request']> => {
  const review = object(body, 'body');
  oneOf(review['apiVersion'], [API_VERSION], 'apiVersion');
  oneOf(review['kind'], [KIND], 'kind');
  const request = object(review['request'], 'request');
  return {
    uid: text(request['uid'], 'request.uid'),
    desiredAPIVersion: text(request['desiredAPIVersion'], 'request.desiredAPIVersion'),
    objects: list(request['objects'], 'request.objects', parseObject),
  };
};

/** `objects` must be in the order of the request. */
export const converted = (uid: string, objects: KubernetesObject[]): ConversionReview => ({
  apiVersion: API_VERSION,
  kind: KIND,
  response: { uid, result: { status: 'Success' }, convertedObjects: objects },
});

export const notConverted = (uid: string, message: string): ConversionReview => ({
  apiVersion: API_VERSION,
  kind: KIND,
  response: { uid, result: { status: 'Failure', message }, convertedObjects: [] },
});
