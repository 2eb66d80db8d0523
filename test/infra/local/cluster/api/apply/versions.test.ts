/** Owners of a custom resource that is served in two versions, with different fields in each. */
import { expect, it } from 'vitest';
import type { WebhookCaller } from '../../../../../../infra/local/cluster/api/types.ts';
import { type Answered, DEFINITIONS, definition, type Json, SETS, startApi } from '../api.ts';

const ALPHA = SETS.replace('v1beta1', 'v1alpha1');

/** `spec.size` of v1beta1 is `spec.count` of v1alpha1. */
const callWebhook: WebhookCaller = async ({ body }) => {
  const { request } = body as { request: { uid: string; desiredAPIVersion: string; objects: Answered[] } };
  const [from, to] = request.desiredAPIVersion.endsWith('v1alpha1') ? ['size', 'count'] : ['count', 'size'];
  const convertedObjects = request.objects.map((object) => {
    const { [from]: value, ...spec } = object.spec ?? {};
    return {
      ...object,
      apiVersion: request.desiredAPIVersion,
      spec: { ...spec, ...(value !== undefined && { [to]: value }) },
    };
  });
  const response = { uid: request.uid, result: { status: 'Success' }, convertedObjects };
  return { status: 200, body: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview', response } };
};

const started = async () => {
  const conversion = {
    strategy: 'Webhook',
    webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://127.0.0.1:1/convert' } },
  };
  const api = startApi({ callWebhook });
  await api.surePost(DEFINITIONS, definition({ conversion }));
  const apply = (manager: string, version: string, spec: Json, force = false) => {
    const path = `${version === 'v1alpha1' ? ALPHA : SETS}/a`;
    const body = {
      apiVersion: `apps.kruise.io/${version}`,
      kind: 'SidecarSet',
      metadata: { name: 'a' },
      spec,
    };
    return api.send({
      method: 'PATCH',
      path,
      body,
      query: { fieldManager: manager, ...(force && { force: 'true' }) },
      headers: { 'content-type': 'application/apply-patch+yaml' },
    });
  };
  return { ...api, apply };
};

it('a conflict is found in the version of the owner', async () => {
  const { apply } = await started();
  expect((await apply('one', 'v1alpha1', { count: 1 })).status).toBe(201);
  const { status, failure } = await apply('two', 'v1beta1', { size: 2 });
  expect([status, failure.message]).toEqual([
    409,
    'Apply failed with 1 conflict: conflict with "one": .spec.count',
  ]);
  expect((await apply('two', 'v1beta1', { size: 2 }, true)).object.spec).toEqual({ size: 2 });
});

it('a manager can go on in another version, and what it applies no more is removed there', async () => {
  const { apply } = await started();
  await apply('one', 'v1alpha1', { count: 1, kept: 'yes' });
  const { object } = await apply('one', 'v1beta1', { kept: 'yes' });
  expect(object.spec).toEqual({ kept: 'yes' });
  expect(object.metadata.managedFields).toMatchObject([
    { manager: 'one', apiVersion: 'apps.kruise.io/v1beta1', fieldsV1: { 'f:spec': { 'f:kept': {} } } },
  ]);
});

it('what another manager applies in another version stays', async () => {
  const { apply } = await started();
  await apply('one', 'v1alpha1', { count: 1 });
  await apply('two', 'v1beta1', { size: 1, more: 'yes' });
  expect((await apply('two', 'v1beta1', { more: 'yes' })).object.spec).toEqual({ size: 1, more: 'yes' });
});
