/**
 * Whether the API server, from where it stands, gets answers of the webhooks that were just registered: it is asked for
 * dry runs until its answer shows what only the webhook can have written.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { collectionPath, refusal } from '../../shared/io/cluster/client.ts';
import { ClusterError } from '../../shared/io/ports.ts';
import { ANNOTATION_HASH, ANNOTATION_LAUNCH_PRIORITY, ENV_BARRIER } from '../../shared/model/names.ts';
import { NAMESPACES, PODS, type Resource, SIDECARSETS } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';
import { UserFacingError } from '../failure.ts';
import { redact } from './text/redact.ts';

export type Verification = { kind: 'verified' } | { kind: 'inconclusive'; sentence: string };

const PATIENCE_MILLISECONDS = 20_000;
const PAUSE_MILLISECONDS = 250;
/** A first call may meet a cold start, or an API server that has not heard of the registration yet. */
const FAILING_MILLISECONDS = 2_000;

/** As the API server speaks of our webhooks when they fail or deny. */
const OURS = /webhook "[a-z]+\.sidecarset\.io"|conversion webhook for apps\.kruise\.io/;

const freshName = (): string => `sidecarset-check-${randomBytes(4).toString('hex')}`;

interface Trial {
  resource: Resource;
  object: { metadata: { name: string; namespace?: string }; [field: string]: unknown };
  /** Of the answer, as JSON: only the webhook can have written it. */
  mark: string;
}

const create = async (cluster: UserCluster, { resource, object }: Trial): Promise<string> => {
  const path = collectionPath(resource, object.metadata.namespace);
  const request = { method: 'POST' as const, path, query: { dryRun: 'All' }, body: object };
  const response = await cluster.send(request);
  if (response.status >= 400) throw refusal(request, response);
  return JSON.stringify(response.body);
};

/** The service account of a new namespace, or the kind of a new definition, may not be there yet. */
const isEarly = ({ code, message }: ClusterError): boolean =>
  code === 404 || (code === 403 && message.includes('serviceaccount "default" not found'));

type Attempt = { kind: 'marked' } | { kind: 'early' | 'failed' | 'refused by another'; why: string };

const attempt = async (cluster: UserCluster, trial: Trial): Promise<Attempt> => {
  try {
    const answer = await create(cluster, trial);
    if (answer.includes(trial.mark)) return { kind: 'marked' };
    return { kind: 'early', why: 'it does not call the webhook' };
  } catch (fault) {
    if (!(fault instanceof ClusterError)) throw fault;
    const { message: why } = fault;
    if (isEarly(fault)) return { kind: 'early', why };
    return { kind: OURS.test(why) ? 'failed' : 'refused by another', why };
  }
};

const unverified = (why: string): UserFacingError =>
  new UserFacingError(
    `the API server gets no answer from the endpoint, though this machine does: ${redact(why)}. ` +
      'Can it reach --url from where it runs?',
  );

const verify = async (cluster: UserCluster, trial: Trial): Promise<Verification> => {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  let failingSince: number | undefined;
  for (;;) {
    const result = await attempt(cluster, trial);
    if (result.kind === 'marked') return { kind: 'verified' };
    if (result.kind === 'refused by another') return { kind: 'inconclusive', sentence: redact(result.why) };
    failingSince = result.kind === 'failed' ? (failingSince ?? Date.now()) : undefined;
    const now = Date.now();
    const isFailing = failingSince !== undefined && now - failingSince > FAILING_MILLISECONDS;
    if (isFailing || now > deadline) throw unverified(result.why);
    await pause(PAUSE_MILLISECONDS);
  }
};

/** Conversion, defaults and validation. */
export const verifySidecarSets = (cluster: UserCluster): Promise<Verification> => {
  const name = freshName();
  const object = {
    apiVersion: 'apps.kruise.io/v1alpha1',
    kind: 'SidecarSet',
    metadata: { name },
    spec: {
      selector: { matchLabels: { 'serverless.sidecarset.io/check': name } },
      containers: [{ name, image: 'check' }],
    },
  };
  const resource = { ...SIDECARSETS, version: 'v1alpha1' };
  return verify(cluster, { resource, object, mark: `"${ANNOTATION_HASH}"` });
};

const container = (name: string) => ({
  name,
  image: 'check',
  resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '1m', memory: '1Mi' } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
});

/** In a namespace of its own, which is gone afterwards: a Pod that asks for a start order, so that inject has to write. */
export const verifyPods = async (cluster: UserCluster): Promise<Verification> => {
  const name = freshName();
  await cluster.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  try {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: name, annotations: { [ANNOTATION_LAUNCH_PRIORITY]: 'Ordered' } },
      spec: {
        containers: [container('first'), container('second')],
        securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
      },
    };
    return await verify(cluster, { resource: PODS, object, mark: `"${ENV_BARRIER}"` });
  } finally {
    await cluster.remove(NAMESPACES, { name });
  }
};
