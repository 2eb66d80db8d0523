import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarContainer } from '../../model/sidecarset.ts';
import { parseFieldPath } from '../injection/fieldPath.ts';
import { invalid, notOneOf, required } from './cause.ts';
import { labelKey } from './names.ts';

type Transfer = NonNullable<SidecarContainer['transferEnv']>[number];

const fieldPath = (path: string | undefined, field: string): StatusCause[] => {
  if (!path) return [required(field)];
  const parsed = parseFieldPath(path);
  if (parsed === undefined)
    return [invalid(field, "must be metadata.labels['<key>'] or metadata.annotations['<key>']")];
  return labelKey(parsed.key, field);
};

const source = ({ sourceContainerNameFrom }: Transfer, field: string): StatusCause[] => {
  const fieldRef = sourceContainerNameFrom?.fieldRef;
  if (!fieldRef) return [];
  const at = `${field}.sourceContainerNameFrom.fieldRef`;
  const version = fieldRef.apiVersion || 'v1';
  return [
    ...(version === 'v1' ? [] : [notOneOf(`${at}.apiVersion`, version, ['v1'])]),
    ...fieldPath(fieldRef.fieldPath, `${at}.fieldPath`),
  ];
};

/** A source by field must be a label or an annotation; an entry without source or name does nothing and is allowed. */
export const validateTransferEnv = ({ transferEnv = [] }: SidecarContainer, field: string): StatusCause[] =>
  transferEnv.flatMap((transfer, index) => source(transfer, `${field}.transferEnv[${index}]`));
