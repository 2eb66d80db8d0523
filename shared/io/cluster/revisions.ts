import type { ControllerRevision } from '../../model/kubernetes.ts';
import { LABEL_SIDECARSET_NAME, SYSTEM_NAMESPACE } from '../../model/names.ts';
import { CONTROLLER_REVISIONS } from '../../model/resources.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import type { Cluster } from '../ports.ts';

/** The ControllerRevisions that carry a SidecarSet's name; some may be of a namesake that is gone. */
export const listRevisions = async (
  cluster: Pick<Cluster, 'list'>,
  { metadata: { name } }: SidecarSet,
): Promise<ControllerRevision[]> => {
  const options = { namespace: SYSTEM_NAMESPACE, labelSelector: `${LABEL_SIDECARSET_NAME}=${name}` };
  return (await cluster.list<ControllerRevision>(CONTROLLER_REVISIONS, options)).items;
};
