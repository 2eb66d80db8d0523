/** An API server whose webhooks answer as a test says. */
import type { WebhookCaller } from '../../../../../../infra/local/cluster/api/types.ts';
import type { AdmissionRequest } from '../../../../../../shared/model/admission.ts';
import { ALLOWED, patching } from '../../../../../support/reviews.ts';
import { type Json, startApi } from '../api.ts';

export { ALLOWED, patching };

export interface Review extends AdmissionRequest {
  hook: string;
  object: (AdmissionRequest['object'] & Json) | null;
  requestKind: unknown;
  options: Json;
}

export type Respond = (review: Review) => Json | Promise<Json>;

export const annotate = (key: string) => {
  const add = { op: 'add', path: '/metadata/annotations', value: { [key]: 'yes' } };
  return patching(add);
};

/** Webhooks by the last part of their URL; every review is noted. */
export const startReviewed = (responders: Record<string, Respond>) => {
  const reviews: Review[] = [];
  const callWebhook: WebhookCaller = async ({ url, body }) => {
    const hook = url.split('/').at(-1) ?? '';
    const review = { ...(body as { request: Review }).request, hook };
    reviews.push(review);
    const response = await (responders[hook] ?? (() => ALLOWED))(review);
    return {
      status: 200,
      body: {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: review.uid, ...response },
      },
    };
  };
  return { ...startApi({ callWebhook }), reviews, hooks: () => reviews.map(({ hook }) => hook) };
};

export const rules = (resources: string[], operations = ['*'], more: Json = {}) => ({
  rules: [{ operations, apiGroups: ['*'], apiVersions: ['*'], resources, ...more }],
});
