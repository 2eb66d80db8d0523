import { stringify } from 'yaml';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { redact } from './redact.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What somebody decided of an object, as YAML with sorted keys: without status, and without what the server writes. */
export const objectText = (object: KubernetesObject | undefined): string => {
  if (object === undefined) return '';
  const { status: _, ...rest } = object as KubernetesObject & { status?: unknown };
  const { name, namespace, labels, annotations = {} } = object.metadata;
  const { [LAST_APPLIED]: _applied, ...own } = annotations;
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(labels && { labels }),
    ...(Object.keys(own).length > 0 && { annotations: own }),
  };
  return redact(
    stringify({ ...rest, metadata }, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false }),
  );
};
