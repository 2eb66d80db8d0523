import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_MIRROR_POD } from '../../model/names.ts';
import type { Code } from '../../model/reasons.ts';
import { isLeftAlone } from '../forwarding/namespaces.ts';
import { isTerminal } from '../resources/pod.ts';

type Verdict = (pod: Pod, namespace: string) => Code | undefined;

const VERDICTS: Verdict[] = [
  (_, namespace) => (isLeftAlone(namespace) ? 'InjectionExcludedNamespace' : undefined),
  ({ metadata }) =>
    metadata.annotations?.[ANNOTATION_MIRROR_POD] === undefined ? undefined : 'InjectionMirrorPod',
  ({ spec }) => (spec?.containers?.length ? undefined : 'InjectionNoContainers'),
  (pod) => (isTerminal(pod) ? 'InjectionPodFinished' : undefined),
  ({ metadata }) => (metadata.deletionTimestamp ? 'InjectionPodDeleting' : undefined),
];

/** Why nothing is injected into this Pod, whatever the SidecarSets say; the first reason counts. */
export const whyLeftAlone: Verdict = (pod, namespace) =>
  VERDICTS.map((verdict) => verdict(pod, namespace)).find((code) => code !== undefined);
