/** `metadata.labels['k']` and `metadata.annotations['k']`, the field paths that a SidecarSet may use. */
import type { Pod } from '../../model/kubernetes.ts';

export interface MetadataPath {
  map: 'labels' | 'annotations';
  key: string;
}

const PATH = /^metadata\.(labels|annotations)\['([^']+)'\]$/;

/** `undefined` for any other path. */
export const parseFieldPath = (fieldPath: string): MetadataPath | undefined => {
  const [, map, key] = PATH.exec(fieldPath) ?? [];
  return map !== undefined && key !== undefined ? { map: map as MetadataPath['map'], key } : undefined;
};

/** What the Pod has there. */
export const metadataValue = (pod: Pod, fieldPath: string): string | undefined => {
  const path = parseFieldPath(fieldPath);
  const values = path && pod.metadata[path.map];
  return values && Object.hasOwn(values, path.key) ? values[path.key] : undefined;
};
