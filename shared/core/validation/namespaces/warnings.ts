/** Policies of selected namespaces that would refuse the Pods of a SidecarSet later, when nobody looks at the set. */
import type { LimitRange, ObjectMeta, ResourceQuota } from '../../../model/kubernetes.ts';
import { LABEL_NAMESPACE_NAME } from '../../../model/names.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../model/sidecarset.ts';
import { isLeftAlone } from '../../forwarding/namespaces.ts';
import { selects } from '../../labels/selector.ts';
import { LABEL_ENFORCE, refusedByPodSecurity } from './podSecurity.ts';
import { refusedByResources } from './resources.ts';

/** Of the whole cluster. */
export interface Policies {
  namespaces: ObjectMeta[];
  limitRanges: LimitRange[];
  quotas: ResourceQuota[];
}

/** A client shows few warnings, and cuts long ones. */
const MOST = 5;

const isSelected = ({ namespaceSelector }: SidecarSetSpec, { name, labels }: ObjectMeta): boolean =>
  !isLeftAlone(name) &&
  (!namespaceSelector || selects(namespaceSelector, { [LABEL_NAMESPACE_NAME]: name, ...labels }));

const inNamespace = <T extends { metadata: ObjectMeta }>(objects: T[], namespace: string): T[] =>
  objects.filter(({ metadata }) => metadata.namespace === namespace);

const refusals = (spec: SidecarSetSpec, namespace: ObjectMeta, policies: Policies): string[] => {
  const level = namespace.labels?.[LABEL_ENFORCE] ?? '';
  const limitRanges = inNamespace(policies.limitRanges, namespace.name);
  const quotas = inNamespace(policies.quotas, namespace.name);
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  return [
    ...refusedByPodSecurity(spec, level).map(
      (why) => `${why}, which PodSecurity level ${level} does not allow`,
    ),
    ...containers.flatMap((container) =>
      refusedByResources(container, limitRanges, quotas).map((why) => `container ${container.name} ${why}`),
    ),
  ];
};

/** The same refusal in several namespaces is said once. */
export const namespaceWarnings = ({ spec }: SidecarSet, policies: Policies): string[] => {
  const byReason = new Map<string, string[]>();
  for (const namespace of policies.namespaces.filter((each) => isSelected(spec, each))) {
    for (const why of refusals(spec, namespace, policies))
      byReason.set(why, [...(byReason.get(why) ?? []), namespace.name]);
  }
  const all = [...byReason].map(([why, names]) => {
    const shown = names.slice(0, 3).join(', ');
    const where = names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
    return `Pods in namespace ${where} would be refused: ${why}`;
  });
  return all.length > MOST ? [...all.slice(0, MOST), `and ${all.length - MOST} more refusals`] : all;
};
