import type { Volume } from '../../model/kubernetes.ts';

const MODE = 0o644;
const TOKEN_SECONDS = 3600;

type DownwardItems = NonNullable<Volume['downwardAPI']>['items'];
type Projected = NonNullable<Volume['projected']>;
type Source = NonNullable<Projected['sources']>[number];

const hasSource = (volume: Volume): boolean =>
  Object.entries(volume).some(([key, value]) => key !== 'name' && value !== null && value !== undefined);

const withMode = <T extends { defaultMode?: number }>(source: T): T => ({
  ...source,
  defaultMode: source.defaultMode ?? MODE,
});

const downwardItems = (items: NonNullable<DownwardItems>): DownwardItems =>
  items.map((item) =>
    item.fieldRef
      ? { ...item, fieldRef: { ...item.fieldRef, apiVersion: item.fieldRef.apiVersion || 'v1' } }
      : item,
  );

const withItems = <T extends { items?: DownwardItems }>(source: T): T =>
  source.items ? { ...source, items: downwardItems(source.items) } : source;

const projectedSource = (source: Source): Source => ({
  ...source,
  ...(source.downwardAPI && { downwardAPI: withItems(source.downwardAPI) }),
  ...(source.serviceAccountToken && {
    serviceAccountToken: {
      ...source.serviceAccountToken,
      expirationSeconds: source.serviceAccountToken.expirationSeconds ?? TOKEN_SECONDS,
    },
  }),
});

const projected = (given: Projected): Projected => ({
  ...withMode(given),
  ...(given.sources && { sources: given.sources.map(projectedSource) }),
});

/** What Kubernetes defaults in a volume; one without a source becomes an emptyDir. */
export const volumeDefaults = (volume: Volume): Volume => {
  if (!hasSource(volume)) return { ...volume, emptyDir: {} };
  return {
    ...volume,
    ...(volume.hostPath && { hostPath: { ...volume.hostPath, type: volume.hostPath.type ?? '' } }),
    ...(volume.secret && { secret: withMode(volume.secret) }),
    ...(volume.configMap && { configMap: withMode(volume.configMap) }),
    ...(volume.downwardAPI && { downwardAPI: withMode(withItems(volume.downwardAPI)) }),
    ...(volume.projected && { projected: projected(volume.projected) }),
  };
};
