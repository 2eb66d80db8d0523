/** `patchPodMetadata`: annotations that a SidecarSet gives its Pods. */
import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSetSpec } from '../../model/sidecarset.ts';
import { isMergePatch } from '../injection/mergePatchText.ts';
import { invalid, required } from './cause.ts';
import { labelKey } from './names.ts';
import { repeated } from './repeated.ts';

type Patch = NonNullable<SidecarSetSpec['patchPodMetadata']>[number];

const FIELD = 'spec.patchPodMetadata';

/** The keys that a patch writes, each with its field. */
export const patchedKeys = (patches: Patch[] = []): { key: string; field: string; patch: Patch }[] =>
  patches.flatMap((patch, index) =>
    Object.keys(patch.annotations ?? {}).map((key) => ({
      key,
      field: `${FIELD}[${index}].annotations[${key}]`,
      patch,
    })),
  );

const value = (key: string, { annotations = {}, patchPolicy }: Patch, field: string): StatusCause[] =>
  patchPolicy === 'MergePatchJson' && !isMergePatch(annotations[key] ?? '')
    ? [invalid(field, 'must be the text of a JSON object under MergePatchJson')]
    : [];

/** Something to write, under keys that annotations can have, each key once over all entries. */
export const validatePodMetadata = ({ patchPodMetadata = [] }: SidecarSetSpec): StatusCause[] => {
  const keys = patchedKeys(patchPodMetadata);
  return [
    ...patchPodMetadata.flatMap(({ annotations = {} }, index) =>
      Object.keys(annotations).length > 0 ? [] : [required(`${FIELD}[${index}].annotations`)],
    ),
    ...keys.flatMap(({ key, field, patch }) => [
      ...labelKey(key.toLowerCase(), field),
      ...value(key, patch, field),
    ]),
    ...repeated(
      keys.map(({ key }) => key),
      (index) => keys[index]?.field ?? FIELD,
    ),
  ];
};
