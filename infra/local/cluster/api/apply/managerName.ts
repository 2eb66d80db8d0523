/** Who writes: `fieldManager` or the first part of the User-Agent; and what the options of a write must look like. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import type { Call } from '../call.ts';
import { forbiddenField, invalid, invalidValue, required, tooLong, unsupportedValue } from '../errors.ts';

const LONGEST_BYTES = 128;
const FIELD_VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn'];
const KINDS: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
};

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;

const managerCauses = (manager: string): StatusCause[] => [
  ...(Buffer.byteLength(manager) > LONGEST_BYTES ? [tooLong('fieldManager', LONGEST_BYTES)] : []),
  ...(PRINTABLE.test(manager)
    ? []
    : [invalidValue('fieldManager', manager, 'should only contain printable characters')]),
];

const validationCauses = (value: string): StatusCause[] =>
  FIELD_VALIDATIONS.includes(value) ? [] : [unsupportedValue('fieldValidation', value, FIELD_VALIDATIONS)];

/** Throws a 422 as Kubernetes does for options that it can't take. */
export const checkWriteOptions = ({ method, query }: Call, isApply: boolean): void => {
  const manager = query.get('fieldManager') ?? '';
  const misplaced = query.has('force') && !isApply;
  const causes = [
    ...(misplaced ? [forbiddenField('force', 'may not be specified for non-apply patch')] : []),
    ...(isApply && manager === '' ? [required('fieldManager', 'is required for apply patch')] : []),
    ...managerCauses(manager),
    ...validationCauses(query.get('fieldValidation') ?? ''),
  ];
  if (causes.length > 0)
    throw invalid({ group: 'meta.k8s.io', kind: KINDS[method] ?? 'PatchOptions' }, '', causes);
};

const fromUserAgent = (agent: string): string => {
  const printable = [...(agent.split('/')[0] ?? '')].filter((character) => PRINTABLE.test(character));
  let name = '';
  for (const character of printable) {
    if (Buffer.byteLength(name + character) > LONGEST_BYTES) break;
    name += character;
  }
  return name;
};

export const managerName = ({ query, headers }: Call): string =>
  query.get('fieldManager') || fromUserAgent(headers.get('user-agent') ?? '') || 'unknown';
