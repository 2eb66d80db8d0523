import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_INJECT, ANNOTATION_MIRROR_POD, LABEL_OS } from '../../model/names.ts';
import type { Code } from '../../model/reasons.ts';
import { isLeftAlone } from '../forwarding/namespaces.ts';
import { isTerminal } from '../resources/pod.ts';

type Verdict = (pod: Pod, namespace: string) => Code | undefined;

/** As the Pod says itself, or as it asks for a node. */
const isWindows = ({ os, nodeSelector }: Pod['spec']): boolean =>
  os?.name === 'windows' || nodeSelector?.[LABEL_OS] === 'windows';

const VERDICTS: Verdict[] = [
  (_, namespace) => (isLeftAlone(namespace) ? 'InjectionExcludedNamespace' : undefined),
  ({ metadata }) =>
    metadata.annotations?.[ANNOTATION_MIRROR_POD] === undefined ? undefined : 'InjectionMirrorPod',
  ({ spec }) => (spec?.containers?.length ? undefined : 'InjectionNoContainers'),
  (pod) => (isTerminal(pod) ? 'InjectionPodFinished' : undefined),
  ({ metadata }) => (metadata.deletionTimestamp ? 'InjectionPodDeleting' : undefined),
  ({ metadata }) => (metadata.annotations?.[ANNOTATION_INJECT] === 'false' ? 'InjectionOptedOut' : undefined),
  ({ spec }) => (isWindows(spec) ? 'InjectionWindows' : undefined),
];

/** Why nothing is injected into this Pod, whatever the SidecarSets say; the first reason counts. */
export const whyLeftAlone: Verdict = (pod, namespace) =>
  VERDICTS.map((verdict) => verdict(pod, namespace)).find((code) => code !== undefined);
