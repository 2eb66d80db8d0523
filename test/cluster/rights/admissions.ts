/** The functions that answer admission at their work, with their own identities: each reads all that it ever reads. */
import { applyPatch, type Operation } from 'rfc6902';
import { createStrategyReader } from '../../../functions/inject/defaultStrategy.ts';
import { createInject } from '../../../functions/inject/run.ts';
import { createVersionReader } from '../../../functions/inject/serverVersion.ts';
import { readState } from '../../../functions/inject/state.ts';
import { createSidecarset } from '../../../functions/sidecarset/run.ts';
import { readSurroundings } from '../../../functions/sidecarset/surroundings.ts';
import { injectedSets } from '../../../shared/core/resources/pod.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import { sha256Hex } from '../../../shared/io/digest.ts';
import { loadRegex } from '../../../shared/io/regex.ts';
import type { AdmissionReview } from '../../../shared/model/admission.ts';
import type { KubernetesObject, Pod } from '../../../shared/model/kubernetes.ts';
import {
  CONFIG_MAP_KRUISE,
  CONFIG_MAP_OWN,
  KEY_STRATEGY,
  KEY_WHITELIST,
  LABEL_SIDECARSET_NAME,
  SYSTEM_NAMESPACE,
} from '../../../shared/model/names.ts';
import { CONFIG_MAPS, CONTROLLER_REVISIONS, PODS, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { main } from '../../support/pods.ts';
import { reviewOf } from '../../support/reviews.ts';
import { NAMESPACE, POD, setOf } from './scenario.ts';
import type { Setting } from './setting.ts';

/** A Pod as `inject` answers it. */
const injected = async ({ clusters: { inject: cluster } }: Setting, pod: Pod): Promise<Pod> => {
  const log = createFakeLog();
  const clock = systemClock;
  const ports = { cluster, clock, log };
  const read = readState(cluster, loadRegex, {
    readStrategy: createStrategyReader(ports),
    readVersion: createVersionReader(ports),
  });
  const inject = createInject({ read, clock, random: Math.random, digest: sha256Hex, log });
  const { response } = await inject(reviewOf(PODS, { object: pod, namespace: pod.metadata.namespace }));
  const patch: Operation[] = JSON.parse(Buffer.from(response?.patch ?? '', 'base64').toString() || '[]');
  const answer = structuredClone(pod);
  applyPatch(answer, patch);
  return answer;
};

/** Of the label that is selected. */
const podOf = (name: string, app: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: NAMESPACE, labels: { app } },
  spec: { restartPolicy: 'Never', containers: [main()] },
});

const PINNED = 'pinned';
const REVISION = 'pinned-1';

/** A SidecarSet that brings another sidecar to Pods of another label. */
const pinnedSet = (image: string, spec: object): SidecarSet => ({
  apiVersion: 'apps.kruise.io/v1beta1',
  kind: 'SidecarSet',
  metadata: { name: PINNED },
  spec: {
    selector: { matchLabels: { app: PINNED } },
    containers: [{ name: PINNED, image }],
    ...spec,
  },
});

const revisionOf = ({ spec }: SidecarSet): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: {
    name: REVISION,
    namespace: SYSTEM_NAMESPACE,
    labels: { [LABEL_SIDECARSET_NAME]: PINNED },
  },
  ...{ revision: 1, data: { spec: { ...spec, $patch: 'replace' } } },
});

/**
 * The Pod as `inject` makes it, created, one of a SidecarSet that names a revision: the image of that, and one whose
 * sidecar is native, as the installation asks for and the API server knows those.
 */
export const injectPods = async (setting: Setting): Promise<string[]> => {
  const { admin } = setting;
  await admin.create(SIDECARSETS, setOf('v1'));
  const created = await admin.create(PODS, await injected(setting, podOf(POD, 'web')));
  await admin.create(CONTROLLER_REVISIONS, revisionOf(pinnedSet('pinned:old', {})));
  const injectionStrategy = { revision: { revisionName: REVISION } };
  await admin.create(SIDECARSETS, pinnedSet('pinned:new', { injectionStrategy }));
  const { spec } = await injected(setting, podOf('pinned-x', PINNED));
  await admin.remove(SIDECARSETS, { name: PINNED });
  const images = spec.containers.map(({ image }) => image).filter((image) => image?.startsWith(PINNED));
  await admin.create<KubernetesObject>(CONFIG_MAPS, {
    metadata: { name: CONFIG_MAP_OWN, namespace: SYSTEM_NAMESPACE },
    ...{ data: { [KEY_STRATEGY]: 'native' } },
  });
  const { initContainers = [] } = (await injected(setting, podOf('native-x', 'web'))).spec;
  const native = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...injectedSets(created), ...images.map(String), ...native.map(({ name }) => `native ${name}`)];
};

/** Verdicts on two SidecarSets that name the revision: the annotation that one writes is allowed, the other's is not. */
export const reviewSets = async ({ admin, clusters }: Setting): Promise<string[]> => {
  await admin.create<KubernetesObject>(CONFIG_MAPS, {
    metadata: { name: CONFIG_MAP_KRUISE, namespace: SYSTEM_NAMESPACE },
    ...{ data: { [KEY_WHITELIST]: '{"rules":[{"allowedAnnotationKeyExprs":["^allowed$"]}]}' } },
  });
  const log = createFakeLog();
  const read = readSurroundings(clusters.sidecarset, log);
  const review = createSidecarset({ digest: sha256Hex, read, loadRegex, log });
  const verdict = async (key: string): Promise<string> => {
    const set = pinnedSet('pinned:new', {
      injectionStrategy: { revision: { revisionName: REVISION } },
      patchPodMetadata: [{ annotations: { [key]: 'x' }, patchPolicy: 'Overwrite' }],
    });
    const { response } = (await review(
      reviewOf(SIDECARSETS, { object: set }),
      'sidecarset/validate',
    )) as AdmissionReview;
    return response?.allowed
      ? 'allowed'
      : String(response?.status?.details?.causes?.map(({ field }) => field));
  };
  const verdicts = [await verdict('allowed'), await verdict('denied')];
  const unread = log.entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
  return [...verdicts, ...unread];
};
