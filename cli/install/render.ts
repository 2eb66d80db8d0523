import { isRecord } from '../../shared/model/json.ts';
import type { Manifest } from '../manifests.ts';

/** Stands in `infra/cluster` wherever the functions' endpoint is meant. */
const PLACEHOLDER = 'https://sidecarset.invalid';

export interface Endpoint {
  /** Where the API server reaches the functions, with cluster name and path token, without a slash at the end. */
  url: string;
  /** PEM of the CA that signed the endpoint's certificate; absent: a public one. */
  ca?: string;
}

const clientConfig = (config: Record<string, unknown>, { url, ca }: Endpoint): Record<string, unknown> => ({
  ...config,
  url: String(config['url']).replace(PLACEHOLDER, url),
  ...(ca !== undefined && { caBundle: Buffer.from(ca).toString('base64') }),
});

const rendered = (value: unknown, endpoint: Endpoint): unknown => {
  if (Array.isArray(value)) return value.map((item) => rendered(item, endpoint));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      key === 'clientConfig' && isRecord(item)
        ? [key, clientConfig(item, endpoint)]
        : [key, rendered(item, endpoint)],
    ),
  );
};

/** The manifests of `infra/cluster` with every webhook pointing at the endpoint. */
export const renderManifests = (manifests: Manifest[], endpoint: Endpoint): Manifest[] =>
  manifests.map((manifest) => rendered(manifest, endpoint) as Manifest);
