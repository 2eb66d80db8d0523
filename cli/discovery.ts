/** Finds the path of a kind by the API server's discovery. */
import type { Transport } from '../shared/io/cluster/transport.ts';
import type { Resource } from '../shared/model/resources.ts';
import { UserFacingError } from './failure.ts';
import type { Manifest } from './manifests.ts';

type KindOf = Pick<Manifest, 'apiVersion' | 'kind'>;

/** `undefined` if the cluster does not serve the kind in that version. */
export type Discovery = (manifest: KindOf) => Promise<Resource | undefined>;

interface DiscoveredResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

export const notServed = ({ apiVersion, kind }: KindOf): UserFacingError =>
  new UserFacingError(`the cluster does not serve ${kind} in ${apiVersion}`);

/** What was found is kept; what was not is looked for again. */
export const createDiscovery = (transport: Transport): Discovery => {
  const known = new Map<string, DiscoveredResource>();
  const read = async (apiVersion: string): Promise<DiscoveredResource[]> => {
    const root = apiVersion.includes('/') ? '/apis' : '/api';
    const { status, body } = await transport({ method: 'GET', path: `${root}/${apiVersion}` });
    if (status === 404) return [];
    if (status !== 200) throw new UserFacingError(`the cluster answers ${status} to what it serves`);
    return (body as { resources: DiscoveredResource[] }).resources;
  };
  return async ({ apiVersion, kind }) => {
    const place = `${apiVersion} ${kind}`;
    if (!known.has(place)) {
      for (const resource of await read(apiVersion))
        if (!resource.name.includes('/')) known.set(`${apiVersion} ${resource.kind}`, resource);
    }
    const found = known.get(place);
    if (!found) return undefined;
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    return { group, version, plural: found.name, kind, namespaced: found.namespaced };
  };
};
