/** Pods `web-0`, `web-1` ... as the injection leaves them. */
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE, ENV_INJECTED } from '../../../shared/model/names.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import { makeFleetPod, SET } from '../../support/fleet.ts';
import { notStarted } from './node.ts';

/** Pod `web-<index>` of the fleet as the injection leaves it, owned by a controller. */
export const webPod = (index: number, tag: string, options?: Parameters<typeof makeFleetPod>[2]): Pod => {
  const pod = makeFleetPod(index, tag, options);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'owner', controller: true },
      ],
    },
    spec: {
      ...pod.spec,
      containers: pod.spec.containers.map((container) =>
        container.name === 'agent'
          ? { ...container, env: [{ name: ENV_INJECTED, value: 'true' }] }
          : container,
      ),
    },
  };
};

export const webPods = (count: number, tag: string): Pod[] =>
  Array.from({ length: count }, (_, index) => webPod(index, tag));

let births = 0;

/** The Pod as the injection makes it now, of images and hashes of the SidecarSet; nothing of it runs yet. */
export const injectedPod = (
  set: SidecarSet,
  name: string,
  more: Pod['metadata']['annotations'] = {},
): Pod => {
  const { metadata, spec, ...pod } = webPod(0, 'none');
  const entry = (key: string): string =>
    JSON.stringify({
      [SET]: { hash: set.metadata.annotations?.[key] ?? '', sidecarSetName: SET, sidecarList: ['agent'] },
    });
  const hashes = [ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE].map((key) => [key, entry(key)]);
  const sidecar = set.spec.containers?.[0];
  return notStarted({
    ...pod,
    metadata: {
      ...metadata,
      name,
      uid: `born-${++births}`,
      annotations: { ...metadata.annotations, ...Object.fromEntries(hashes), ...more },
    },
    spec: {
      ...spec,
      containers: spec.containers.map((container) =>
        container.name === 'agent'
          ? { ...container, image: sidecar?.image, resources: sidecar?.resources }
          : container,
      ),
    },
  });
};
