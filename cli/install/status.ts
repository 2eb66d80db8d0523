/** What is installed in a cluster, and whether it works. Reads only. */
import { defaultStrategy } from '../../shared/core/injection/strategy.ts';
import { isRecord } from '../../shared/model/json.ts';
import type { ConfigMap, KubernetesObject } from '../../shared/model/kubernetes.ts';
import { CONFIG_MAP_OWN, SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import { CONFIG_MAPS, CUSTOM_RESOURCE_DEFINITIONS } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';
import type { Manifest } from '../manifests.ts';
import { conversionStrategy } from './definition.ts';
import { loadManifests } from './load.ts';
import { DEFINITION, findOpenKruise, type OpenKruise } from './openkruise/find.ts';
import { isOurs } from './ours.ts';
import { planOf, type StepName } from './plan.ts';
import { endpointFault, hostOf } from './probe/probe.ts';
import type { Endpoint } from './render.ts';

export interface Finding {
  name: string;
  ok: boolean;
  detail: string;
}

type Definition = KubernetesObject & {
  spec?: { versions?: { name: string; served: boolean; storage: boolean }[] };
  status?: { storedVersions?: string[] };
};

const definitionFinding = (definition: Definition | undefined): Finding => {
  const name = 'SidecarSets';
  if (definition === undefined) return { name, ok: false, detail: `there is no ${DEFINITION}` };
  if (!isOurs(definition))
    return { name, ok: false, detail: `${DEFINITION} is there, but not this project's` };
  const versions = definition.spec?.versions ?? [];
  const served = versions.filter((version) => version.served).map((version) => version.name);
  const storage = versions.filter((version) => version.storage).map((version) => version.name);
  const stored = definition.status?.storedVersions ?? [];
  const strategy = conversionStrategy(definition);
  return {
    name,
    ok: strategy === 'Webhook',
    detail: `served as ${served.join(' and ')}, stored as ${storage.join()} (stored until now: ${stored.join(', ')}), conversion ${strategy}`,
  };
};

const lookUp = async (cluster: UserCluster, manifest: Manifest): Promise<KubernetesObject | undefined> => {
  const resource = await cluster.find(manifest);
  const { name, namespace } = manifest.metadata;
  return resource && cluster.get(resource, resource.namespaced ? { name, namespace } : { name });
};

const presence = async (
  cluster: UserCluster,
  manifests: Manifest[],
): Promise<{ found: KubernetesObject[]; missing: string[] }> => {
  const found: KubernetesObject[] = [];
  const missing: string[] = [];
  for (const manifest of manifests) {
    const object = await lookUp(cluster, manifest);
    if (object) found.push(object);
    else missing.push(`${manifest.kind} ${manifest.metadata.name}`);
  }
  return { found, missing };
};

const presenceFinding = (
  name: string,
  { found, missing }: Awaited<ReturnType<typeof presence>>,
): Finding => ({
  name,
  ok: missing.length === 0,
  detail:
    missing.length === 0
      ? `all ${found.length} there`
      : `${found.length} there, missing: ${missing.join(', ')}`,
});

/** The endpoint that a registered webhook names: its URL up to the token, and the CA beside it. */
export const registeredEndpoint = (configuration: KubernetesObject): Endpoint | undefined => {
  const { webhooks } = configuration as KubernetesObject & { webhooks?: unknown[] };
  const [webhook] = webhooks ?? [];
  const config = isRecord(webhook) ? webhook['clientConfig'] : undefined;
  if (!isRecord(config) || typeof config['url'] !== 'string' || !URL.canParse(config['url']))
    return undefined;
  const { origin, pathname } = new URL(config['url']);
  const caBundle = config['caBundle'];
  return {
    url: `${origin}${pathname.split('/').slice(0, 3).join('/')}`,
    ...(typeof caBundle === 'string' && { ca: Buffer.from(caBundle, 'base64').toString('utf8') }),
  };
};

const endpointFinding = async (webhooks: KubernetesObject[]): Promise<Finding> => {
  const endpoints = webhooks.flatMap((webhook) => registeredEndpoint(webhook) ?? []);
  const [endpoint] = endpoints;
  const name = 'endpoint';
  if (endpoint === undefined) return { name, ok: false, detail: 'no webhook names one' };
  if (endpoints.some(({ url }) => url !== endpoint.url)) {
    return { name, ok: false, detail: 'the webhooks name different ones: install again' };
  }
  const fault = await endpointFault(endpoint);
  return { name, ok: fault === undefined, detail: fault ?? `${hostOf(endpoint)} answers this machine` };
};

const strategyFinding = (map: ConfigMap | undefined): Finding => {
  const { strategy, unknown } = defaultStrategy(map);
  const isKnown = unknown === undefined;
  const detail = isKnown ? strategy : `${strategy}: ${JSON.stringify(unknown)} means nothing`;
  return { name: 'default strategy', ok: isKnown, detail };
};

const kruiseFinding = ({ managers, webhooks }: OpenKruise): Finding => ({
  name: 'OpenKruise',
  ok: managers.length + webhooks.length === 0,
  detail:
    managers.length + webhooks.length === 0
      ? 'not at work here'
      : `at work beside it: ${[...managers, ...webhooks.map(({ webhook }) => webhook)].join(', ')}`,
});

/** In the order in which they matter. */
export const readStatus = async (cluster: UserCluster): Promise<Finding[]> => {
  const steps = planOf(await loadManifests());
  const manifestsOf = (...names: StepName[]) =>
    steps.filter(({ name }) => names.includes(name)).flatMap(({ manifests }) => manifests);
  const definition = await cluster.get<Definition>(CUSTOM_RESOURCE_DEFINITIONS, { name: DEFINITION });
  const webhooks = await presence(cluster, manifestsOf('sidecarset', 'inject', 'observe'));
  return [
    definitionFinding(definition),
    presenceFinding('webhooks', webhooks),
    await endpointFinding(webhooks.found),
    presenceFinding('rights', await presence(cluster, manifestsOf('rights'))),
    strategyFinding(await cluster.get(CONFIG_MAPS, { namespace: SYSTEM_NAMESPACE, name: CONFIG_MAP_OWN })),
    kruiseFinding(await findOpenKruise(cluster)),
  ];
};
