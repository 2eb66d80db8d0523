import { createHash } from 'node:crypto';
import { canonical } from '../same.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../workloads.ts';

export const LABEL_TEMPLATE_HASH = 'pod-template-hash';
/** No vowels and no look-alikes: what Kubernetes allows in generated names. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const HASH_LENGTH = 10;

/** Ten characters of the Pod template; stable, but not the value that a real cluster gets. */
export const templateHash = (template: PodTemplate): string =>
  [...createHash('sha256').update(canonical(template)).digest().subarray(0, HASH_LENGTH)]
    .map((byte) => ALPHABET[byte % ALPHABET.length])
    .join('');

const withoutHash = ({ metadata, spec }: PodTemplate): PodTemplate => {
  const { [LABEL_TEMPLATE_HASH]: _, ...labels } = metadata?.labels ?? {};
  return { metadata: { ...metadata, labels }, spec };
};

/** Whether the ReplicaSet was made from the Deployment's present template. */
export const isCurrent = ({ spec }: Deployment, set: ReplicaSet): boolean =>
  canonical(withoutHash(spec.template)) === canonical(withoutHash(set.spec.template));
