/** The example's SidecarSet as it is stored, its Job's Pod as it is reviewed, and `inject` between them. */
import { readFile } from 'node:fs/promises';
import { applyPatch, type Operation } from 'rfc6902';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { createStrategyReader } from '../../../functions/inject/defaultStrategy.ts';
import { createInject } from '../../../functions/inject/run.ts';
import { createVersionReader } from '../../../functions/inject/serverVersion.ts';
import { readState } from '../../../functions/inject/state.ts';
import { convertSidecarSet } from '../../../shared/core/validation/convert.ts';
import { withDefaults } from '../../../shared/core/validation/defaults.ts';
import { sha256Hex } from '../../../shared/io/digest.ts';
import { loadRegex } from '../../../shared/io/regex.ts';
import type { AdmissionReview } from '../../../shared/model/admission.ts';
import type { ConfigMap, Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import type { FakeCluster } from '../../support/fakeCluster.ts';
import { createFixedClock, type FakeLog } from '../../support/fakes.ts';
import { reviewOf } from '../../support/reviews.ts';

const example = async (file: string) =>
  parse(await readFile(new URL(`../../../examples/ilogtail/${file}`, import.meta.url), 'utf8'));

/** The set of the example, as it is stored. */
export const storedSet = async (): Promise<SidecarSet> => {
  const conversion = convertSidecarSet(await example('sidecarset.yaml'), 'apps.kruise.io/v1beta1');
  if (conversion.kind === 'refused') throw new Error(conversion.message);
  return withDefaults(conversion.object as SidecarSet, sha256Hex);
};

/** A Pod as the Job controller sends it; `status` and the like are there, too. */
export const jobPod = async () => {
  const { metadata, spec } = (await example('job.yaml')).spec.template;
  const { name: _, ...others } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...others, generateName: 'nginx-mock-' },
    spec: { ...spec, dnsPolicy: 'ClusterFirst' },
    status: {},
  };
};

export const review = (object: object, request: object = {}) => reviewOf(PODS, { object, ...request });

export const createAnswerIn = (cluster: FakeCluster, log: FakeLog) => {
  const clock = createFixedClock('2026-11-23T05:46:47Z');
  const ports = { cluster, clock, log };
  const read = readState(cluster, loadRegex, {
    readStrategy: createStrategyReader(ports),
    readVersion: createVersionReader(ports),
  });
  return createInject({ read, clock, random: () => 0, digest: sha256Hex, log });
};

export const patched = (object: object, { response }: AdmissionReview): Pod => {
  const copy = structuredClone(object);
  const operations: Operation[] = JSON.parse(Buffer.from(response?.patch ?? '', 'base64').toString() || '[]');
  expect(applyPatch(copy, operations).filter((fault) => fault !== null)).toEqual([]);
  return copy as Pod;
};

/** The installation's own, as `sidecarset install` writes it. */
export const configMap = (data?: ConfigMap['data']): ConfigMap => ({
  metadata: { name: 'sidecarset-config', namespace: 'sidecarset-system' },
  data,
});

export const namespace = (name: string) => ({
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
});
