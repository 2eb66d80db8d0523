/** Webhook configurations that concern one test only, and the wait until the API server knows of them. */
import { type Answer, exchange, type Json, removeAtEnd } from './api.ts';
import { type Api, configMap, configMapsIn, eventually, freshName, type Sabotage } from './contract.ts';
import { startWebhook, type Webhook } from './webhook.ts';
import { reads } from './wrong.ts';

export { ALLOWED, patching } from '../../support/reviews.ts';

export const configurationsOf = (kind: 'Mutating' | 'Validating'): string =>
  `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}webhookconfigurations`;

export const ruleFor = (resources: string[], operations = ['*']) => ({
  operations,
  apiGroups: ['*'],
  apiVersions: ['*'],
  resources,
});

const ofNamespace = (namespace: string) => ({
  matchLabels: { 'kubernetes.io/metadata.name': namespace },
});

/** One entry of a configuration: every write of Pods in the namespace, unless `more` says otherwise. */
export const entry = (webhook: Pick<Webhook, 'url' | 'caBundle'>, namespace: string, more: Json = {}) => ({
  name: 'first.example.com',
  admissionReviewVersions: ['v1'],
  clientConfig: { url: webhook.url, caBundle: webhook.caBundle },
  sideEffects: 'None',
  namespaceSelector: ofNamespace(namespace),
  rules: [ruleFor(['pods', 'pods/*'])],
  ...more,
});

export const configuration = (
  kind: 'Mutating' | 'Validating',
  webhooks: Json[],
  name = freshName('hooks'),
) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: `${kind}WebhookConfiguration`,
  metadata: { name },
  webhooks,
});

interface Place {
  kind: 'Mutating' | 'Validating';
  namespace: string;
  /** Configurations are asked in the order of their names. */
  name?: string;
}

/** A last entry that is asked about one ConfigMap: once it is, the API server knows the whole configuration. */
const marker = (webhook: Webhook, namespace: string, name: string) =>
  entry(webhook, namespace, {
    name: 'marker.example.com',
    rules: [ruleFor(['configmaps'], ['CREATE'])],
    objectSelector: { matchLabels: { marker: name } },
  });

/** Registers the entries, and resolves when the API server asks them. */
export const register = async (api: Api, place: Place, webhooks: Json[]): Promise<Answer> => {
  const { kind, namespace, name = freshName('hooks') } = place;
  const waiting = await startWebhook(() => ({ allowed: true }), {});
  const body = configuration(kind, [...webhooks, marker(waiting, namespace, name)], name);
  const answer = await api.post(configurationsOf(kind), body);
  if (answer.status !== 201) throw new Error(`${name}: ${JSON.stringify(answer.object)}`);
  removeAtEnd(`${configurationsOf(kind)}/${name}`);
  await eventually(async () => {
    const asked = configMap('marker', {}, { labels: { marker: name } });
    const path = configMapsIn(namespace);
    await exchange({ method: 'POST', path, query: { dryRun: 'All' }, headers: {}, body: asked });
    return waiting.reviews.length > 0;
  });
  return answer;
};

const isEntry = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Creates configurations with other entries; a copy of each may be changed in place. */
export const registers = (behaviour: string, change: (entry: Json) => void): Sabotage =>
  reads(behaviour, ['POST'], ({ webhooks }) => {
    if (Array.isArray(webhooks)) webhooks.filter(isEntry).forEach(change);
  });

export const WITHOUT_CONDITIONS = registers('asks webhooks whatever their conditions say', (webhook) => {
  delete webhook['matchConditions'];
});
