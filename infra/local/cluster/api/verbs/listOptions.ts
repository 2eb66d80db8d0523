/** Which options of a list or a watch go together (`metainternalversion/validation.ValidateListOptions`). */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import type { Call } from '../call.ts';
import { forbiddenField, invalid, unsupportedValue } from '../errors.ts';

const LIST_OPTIONS = { group: 'meta.k8s.io', kind: 'ListOptions' };

const forbidden = (why: string): StatusCause => forbiddenField('resourceVersionMatch', why);

const withContinue = (call: Call): StatusCause[] =>
  call.query.get('continue')
    ? [forbidden('resourceVersionMatch is forbidden when continue is provided')]
    : [];

const matchCauses = (call: Call, match: string): StatusCause[] => {
  const version = call.query.get('resourceVersion') ?? '';
  const why = `resourceVersionMatch "exact" is forbidden for resourceVersion "0"`;
  return [
    ...(version === ''
      ? [forbidden('resourceVersionMatch is forbidden unless resourceVersion is provided')]
      : []),
    ...withContinue(call),
    ...(['Exact', 'NotOlderThan'].includes(match)
      ? []
      : [unsupportedValue('resourceVersionMatch', match, ['Exact', 'NotOlderThan', ''])]),
    ...(match === 'Exact' && version === '0' ? [forbidden(why)] : []),
  ];
};

const refuse = (causes: StatusCause[]): void => {
  if (causes.length > 0) throw invalid(LIST_OPTIONS, '', causes);
};

/** Throws a 422 on options that contradict each other. */
export const checkListOptions = (call: Call): void => {
  const match = call.query.get('resourceVersionMatch') ?? '';
  refuse([
    ...(call.query.has('sendInitialEvents')
      ? [forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list')]
      : []),
    ...(match === '' ? [] : matchCauses(call, match)),
  ]);
};

/** The same for a watch. */
export const checkWatchOptions = (call: Call): void => {
  const match = call.query.get('resourceVersionMatch') ?? '';
  const initial = call.query.has('sendInitialEvents');
  const only = ['NotOlderThan'];
  refuse([
    ...(initial && match !== 'NotOlderThan'
      ? [forbidden('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')]
      : []),
    ...(!initial && match !== ''
      ? [forbidden('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')]
      : []),
    ...(match === '' || only.includes(match) ? [] : [unsupportedValue('resourceVersionMatch', match, only)]),
    ...withContinue(call),
  ]);
};
