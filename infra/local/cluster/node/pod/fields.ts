import type { Pod } from '../../../../../shared/model/kubernetes.ts';

/** What a fieldRef may ask for besides the Pod itself. */
export interface Address {
  podIp: string;
  hostIp: string;
}

const SUBSCRIPT = /^metadata\.(labels|annotations)\['(.*)'\]$/;

const formatted = (values: Record<string, string> = {}): string =>
  Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
    .join('')
    .trimEnd();

/**
 * The value of a fieldRef as the downward API gives it; a label or annotation that is missing is an empty text.
 * `undefined` for a field that is not supported.
 */
export const fieldValue = (pod: Pod, path: string, { podIp, hostIp }: Address): string | undefined => {
  const { metadata, spec } = pod;
  const [, list, key = ''] = SUBSCRIPT.exec(path) ?? [];
  if (list === 'labels' || list === 'annotations') {
    const values = metadata[list] ?? {};
    return Object.hasOwn(values, key) ? values[key] : '';
  }
  const fields: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace ?? '',
    'metadata.uid': metadata.uid ?? '',
    'metadata.labels': formatted(metadata.labels),
    'metadata.annotations': formatted(metadata.annotations),
    'spec.nodeName': spec.nodeName ?? '',
    'spec.serviceAccountName': spec.serviceAccountName ?? '',
    'status.podIP': podIp,
    'status.podIPs': podIp,
    'status.hostIP': hostIp,
    'status.hostIPs': hostIp,
  };
  return Object.hasOwn(fields, path) ? fields[path] : undefined;
};
