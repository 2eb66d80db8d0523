/** What a node tells about the resources of a container that has started. */
import type { Container } from '../../../../../shared/model/kubernetes.ts';

type Resources = NonNullable<Container['resources']>;

export interface ReportedResources {
  resources: Resources;
  /** The requests that the node has granted. */
  allocatedResources?: NonNullable<Resources['requests']>;
}

/**
 * As the kubelet reports a resize that is done: processes have no limits here, so whatever is asked for is granted at
 * once, and no container is started again for it. Without `resources` the API server takes the node for one that
 * can't resize.
 */
export const reportedResources = ({ resources = {} }: Container): ReportedResources => ({
  resources,
  ...(resources.requests && { allocatedResources: resources.requests }),
});
